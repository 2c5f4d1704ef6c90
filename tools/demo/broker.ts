// An MQTT 3.1.1 broker in this process, over WebSocket and TCP on 127.0.0.1, for the demo and for tests. It records its
// events, so that a test can check them.
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, createServer as createTcp, type Socket, type Server as TcpServer } from "node:net";
import type { Duplex } from "node:stream";
import { Aedes, type AuthenticateError } from "aedes";
import { WebSocketServer } from "ws";
import { messageStream } from "./message-stream.ts";

export interface BrokerOptions {
  /** Accept only this user with this password. */
  user?: string;
  password?: string;
  /** Port to listen on; 0, the default, takes a free one. */
  port?: number;
  /** Port for MQTT over TCP, 0 for a free one; left out, there is none. */
  tcpPort?: number;
  /** Stands between each client's stream of packets and the broker; returns what the broker gets. */
  between?: (stream: Duplex, socket: Duplex) => Duplex;
  /** The HTTP status that the next upgrade request gets, undefined to accept it. */
  refuses?: () => number | undefined;
  /** Answers requests that are no WebSocket's. */
  answer?: RequestListener;
}

/** An event at the broker: a client connected, subscribed, published (a will, too) or left. */
export type Happening =
  | { what: "connected" | "left"; client: string }
  | { what: "subscribed"; client: string; filters: string[] }
  | { what: "published"; client: string; topic: string; payload: string; qos: number; retain: boolean };

export class EmbeddedBroker {
  /** All events so far. */
  readonly happenings: Happening[] = [];
  /** Called with each event. */
  onHappening: (happening: Happening) => void = () => {};
  /** The URL to connect to: ws://127.0.0.1:port/mqtt */
  readonly url: string;
  /** The port for MQTT over TCP. */
  readonly tcpPort: number | undefined;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly mqtt: Aedes,
    private readonly http: Server,
    private readonly websockets: WebSocketServer,
    private readonly tcp: TcpServer | undefined,
    between: (stream: Duplex, socket: Duplex) => Duplex,
  ) {
    this.tcpPort = (tcp?.address() as AddressInfo | undefined)?.port;
    tcp?.on("connection", (socket) => this.take(socket));
    this.url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/mqtt`;
    websockets.on("connection", (socket, request) => {
      const stream = messageStream(socket);
      // A reset of the connection needs no handling.
      stream.on("error", () => {});
      mqtt.handle(between(stream, request.socket), request);
    });
    this.listen();
  }

  /** Starts a broker. Rejects when the port is taken. */
  static async start(options: BrokerOptions = {}): Promise<EmbeddedBroker> {
    const mqtt = await Aedes.createBroker(options.user === undefined ? {} : { authenticate: check(options) });
    const http = createServer(options.answer ?? ((_, response) => response.writeHead(426).end()));
    const handleProtocols = (offered: Set<string>) => (offered.has("mqtt") ? "mqtt" : false);
    const verifyClient = (_: unknown, done: (accept: boolean, code?: number) => void) => {
      const status = options.refuses?.();
      done(status === undefined, status);
    };
    const websockets = new WebSocketServer({ server: http, handleProtocols, verifyClient });
    // It passes on the server's errors, which are heard at the server.
    websockets.on("error", () => {});
    const tcp = options.tcpPort === undefined ? undefined : createTcp();
    try {
      await listenAt(http, options.port);
      if (tcp) await listenAt(tcp, options.tcpPort);
    } catch (error) {
      http.close();
      mqtt.close();
      throw error;
    }
    return new EmbeddedBroker(mqtt, http, websockets, tcp, options.between ?? ((stream) => stream));
  }

  /** Takes a connection that is no socket of TCP: a stream whose other end is in this process. */
  accept(stream: Duplex): void {
    if (this.on) this.http.emit("connection", stream);
    else stream.destroy();
  }

  /** It no longer keeps the process from ending. */
  unref(): void {
    this.http.unref();
    this.tcp?.unref();
    // Not in its types: the intervals by which it looks after itself.
    for (const timer of Object.values(this.mqtt) as { unref?(): void }[]) timer?.unref?.();
  }

  /** Calls `take` with each message to a topic that the filter, a topic or one with /# behind it, matches. */
  watch(filter: string, take: (topic: string, payload: Buffer) => void): void {
    const base = filter.replace(/\/?#$/, "");
    this.onHappening = (happening) => {
      if (happening.what !== "published") return;
      const { topic, payload } = happening;
      if (!base || topic === base || topic.startsWith(`${base}/`))
        take(topic, Buffer.from(payload, "latin1"));
    };
  }

  /** Publishes as the broker itself. */
  publish(topic: string, payload: string | Buffer, qos: 0 | 1 | 2 = 0, retain = false): Promise<void> {
    return new Promise((resolve, reject) => {
      const packet = { cmd: "publish" as const, topic, payload, qos, retain, dup: false };
      this.mqtt.publish(packet, (error) => (error ? reject(error) : resolve()));
    });
  }

  /** Cuts all connections without a CLOSE, as a crash does. */
  cut(): void {
    for (const socket of this.websockets.clients) socket.terminate();
    for (const socket of this.sockets) socket.destroy();
  }

  /** Whether it takes connections over WebSocket. */
  get on(): boolean {
    return this.http.listening;
  }

  /** Takes no connections over WebSocket, and cuts all; {@link comeBack} ends that. */
  async goAway(): Promise<void> {
    const closed = new Promise((done) => this.http.close(done));
    this.cut();
    await closed;
  }

  /** Listens again, on the same port. */
  comeBack(): Promise<void> {
    return listenAt(this.http, Number(new URL(this.url).port));
  }

  private take(socket: Socket): void {
    this.sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.sockets.delete(socket));
    this.mqtt.handle(socket);
  }

  /** Stops, and closes all handles. */
  async stop(): Promise<void> {
    this.cut();
    this.websockets.close();
    this.http.closeAllConnections();
    this.tcp?.close();
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
    this.mqtt.on("publish", ({ topic, payload, qos, retain }, client) => {
      if (topic.startsWith("$SYS/")) return;
      const text = payload.toString("latin1");
      note({ what: "published", client: client?.id ?? "", topic, payload: text, qos, retain });
    });
  }
}

function listenAt(server: Server | TcpServer, port = 0): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
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
