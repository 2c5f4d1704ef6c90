// An MQTT 3.1.1 broker in this process, over WebSocket on 127.0.0.1, for the demo and for tests. It records its events,
// so that a test can check them.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Aedes, type AuthenticateError } from "aedes";
import { WebSocketServer } from "ws";
import { messageStream } from "./message-stream.ts";

export interface BrokerOptions {
  /** Accept only this user with this password. */
  user?: string;
  password?: string;
  /** Port to listen on; 0, the default, takes a free one. */
  port?: number;
}

/** An event at the broker: a client connected, subscribed, published (a will, too) or left. */
export type Happening =
  | { what: "connected" | "left"; client: string }
  | { what: "subscribed"; client: string; filters: string[] }
  | { what: "published"; client: string; topic: string; payload: string; qos: number };

export class EmbeddedBroker {
  /** All events so far. */
  readonly happenings: Happening[] = [];
  /** Called with each event. */
  onHappening: (happening: Happening) => void = () => {};
  /** The URL to connect to: ws://127.0.0.1:port/mqtt */
  readonly url: string;

  private constructor(
    private readonly mqtt: Aedes,
    private readonly http: Server,
    private readonly websockets: WebSocketServer,
  ) {
    this.url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/mqtt`;
    websockets.on("connection", (socket, request) => {
      const stream = messageStream(socket);
      // A reset of the connection needs no handling.
      stream.on("error", () => {});
      mqtt.handle(stream, request);
    });
    this.listen();
  }

  /** Starts a broker. Rejects when the port is taken. */
  static async start(options: BrokerOptions = {}): Promise<EmbeddedBroker> {
    const mqtt = await Aedes.createBroker(options.user === undefined ? {} : { authenticate: check(options) });
    const http = createServer((_, response) => response.writeHead(426).end());
    const handleProtocols = (offered: Set<string>) => (offered.has("mqtt") ? "mqtt" : false);
    const websockets = new WebSocketServer({ server: http, handleProtocols });
    await new Promise<void>((resolve, reject) => {
      http.once("error", reject);
      http.listen(options.port ?? 0, "127.0.0.1", resolve);
    });
    return new EmbeddedBroker(mqtt, http, websockets);
  }

  /** Publishes as the broker itself. */
  publish(topic: string, payload: string | Buffer, qos: 0 | 1 | 2 = 0): Promise<void> {
    return new Promise((resolve, reject) => {
      const packet = { cmd: "publish" as const, topic, payload, qos, retain: false, dup: false };
      this.mqtt.publish(packet, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Cuts all connections without a CLOSE, as a crash does. */
  cut(): void {
    for (const socket of this.websockets.clients) socket.terminate();
  }

  /** Stops, and closes all handles. */
  async stop(): Promise<void> {
    this.cut();
    this.websockets.close();
    this.http.closeAllConnections();
    await new Promise((done) => this.http.close(done));
    await new Promise<void>((done) => this.mqtt.close(done));
  }

  private listen(): void {
    const note = (happening: Happening) => {
      this.happenings.push(happening);
      this.onHappening(happening);
    };
    this.mqtt.on("clientReady", (client) => note({ what: "connected", client: client.id }));
    this.mqtt.on("clientDisconnect", (client) => note({ what: "left", client: client.id }));
    this.mqtt.on("subscribe", (subscriptions, client) => {
      note({ what: "subscribed", client: client.id, filters: subscriptions.map(({ topic }) => topic) });
    });
    this.mqtt.on("publish", ({ topic, payload, qos }, client) => {
      if (topic.startsWith("$SYS/")) return;
      note({ what: "published", client: client?.id ?? "", topic, payload: payload.toString("latin1"), qos });
    });
  }
}

function check({ user, password }: BrokerOptions) {
  return (
    _: unknown,
    name: string | undefined,
    secret: Buffer | undefined,
    done: (error: AuthenticateError | null, success: boolean | null) => void,
  ) => {
    const right = name === user && secret?.toString() === password;
    // Return code 4 of CONNACK: bad user name or password.
    if (right) done(null, true);
    else done(Object.assign(new Error("bad user name or password"), { returnCode: 4 }), null);
  };
}
