// The same fleet with MQTT.js as its client: a fixed second between two attempts, and no random part.
import mqtt, { type MqttClient } from "mqtt";
import { addressOf, type Fleet, idOf, losesWifi, type Part, startOver, topicOf } from "./fleet.ts";
import { Wheel } from "./wheel.ts";

/** A port that nothing listens on: where the connections of a client without a network lead. */
const NOWHERE = 1;
const SESSION_S = 7200;

class Client {
  private client: MqttClient | undefined;
  private readonly next: [number, number] = [0, 0];
  private secondsLeft: number;
  private asked = false;
  offline = false;
  quiet = false;

  constructor(
    private readonly part: Part,
    private readonly n: number,
    private readonly port: () => number,
  ) {
    this.secondsLeft = 1 + Math.floor(Math.random() * part.everyS);
  }

  start(): void {
    const { part, n } = this;
    const { ledger } = part;
    const client = mqtt.connect(part.url, {
      clientId: idOf(n),
      clean: false,
      protocolVersion: part.version,
      ...(part.version === 5 && { properties: { sessionExpiryInterval: SESSION_S } }),
      reconnectPeriod: 1000,
      wsOptions: { localAddress: addressOf(n), perMessageDeflate: false },
      transformWsUrl: (url) => {
        ledger.attempt(n);
        return url.replace(/:\d+/, `:${this.offline ? NOWHERE : this.port()}`);
      },
    });
    this.client = client;
    client.on("connect", ({ sessionPresent }) => {
      ledger.up(n, sessionPresent);
      if (this.asked) return;
      this.asked = true;
      client.subscribe(`${topicOf(n)}/down`, { qos: 2 }, (error) => {
        if (!error) ledger.ready(n);
      });
    });
    client.on("close", () => ledger.down(n));
    client.on("error", () => {});
    client.on("packetreceive", (packet) => {
      if (packet.cmd !== "publish") return;
      const [qos, number] = packet.payload.toString().split(" ");
      ledger.wire(n, Number(qos), Number(number));
    });
    client.on("message", (_topic, payload) => {
      const [qos, number] = payload.toString().split(" ");
      ledger.command(n, Number(qos), Number(number));
    });
  }

  second(): void {
    if (!this.client?.connected || this.quiet || --this.secondsLeft > 0) return;
    this.secondsLeft = this.part.everyS;
    for (const qos of [1, 2] as const) this.put(this.client, qos);
  }

  cut(): void {
    this.client?.stream.destroy();
  }

  stop(): void {
    this.client?.end(true);
  }

  private put(client: MqttClient, qos: 1 | 2): void {
    const { ledger } = this.part;
    const number = this.next[qos - 1]!++;
    ledger.put(this.n, qos, number);
    client.publish(`${topicOf(this.n)}/up`, `${qos} ${number}`, { qos }, (error) => {
      ledger.acknowledged(this.n, qos, number, error ? 1 : 0);
    });
  }
}

export function mqttJsFleet(part: Part): Fleet {
  const wheel = new Wheel();
  const clients: Client[] = [];
  const fleet: Fleet = {
    door: 0,
    start: (overS) =>
      startOver(clients, overS, (client) => {
        client.start();
        // Its seconds begin at any time of a second.
        setTimeout(() => wheel.add(client), Math.random() * 1000);
      }),
    cut() {
      for (const client of clients) client.cut();
    },
    wifi(on) {
      clients.forEach((client, i) => {
        if (!losesWifi(part.from + i)) return;
        client.offline = !on;
        if (!on) client.cut();
      });
    },
    quiet(on) {
      for (const client of clients) client.quiet = on;
    },
    stop() {
      for (const client of clients) client.stop();
      wheel.stop();
    },
  };
  for (let n = part.from; n < part.to; n++) clients.push(new Client(part, n, () => fleet.door));
  return fleet;
}
