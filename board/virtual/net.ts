// Espruino's `net` and `tls`: sockets that the idle loop polls, one chunk in and one chunk out a turn. Follows the
// engine's socket code step by step, oddities included. WebSocket is not its concern.
import { asBytes } from "./bytes.ts";
import type { Events } from "./events.ts";
import type { Faults } from "./faults.ts";
import type { Obj, Realm } from "./realm.ts";
import { type Destination, type Failure, Link, type Listener } from "./tcp.ts";

/** Largest piece that the ESP32's network code reads or writes at once, in bytes. */
export const CHUNK = 536;

/** The engine's error number for a connection that ends while bytes are unsent. */
const UNSENT_DATA = -8;

/** The part of the board that `net` uses. */
export interface NetHost {
  realm: Realm;
  events: Events;
  faults: Faults;
  /** Connects, blocking. */
  dial(to: Destination): Link | Failure;
  /** Listens on a port; `onLink` gets each connection. */
  listen(port: number, onLink: (link: Link) => void): Listener;
  /** Whether the board's own access point is open: its clients are connected through that. */
  accessPoint(): boolean;
  /** The present bytes of shared strings, see shared-strings.ts. */
  strings: { current(text: unknown): unknown };
  /** Whether the radio carries data at present. */
  online(): boolean;
  /** Prints a line on the console. */
  print(line: string): void;
  /** Called with each write and each received chunk, for tests. */
  onWrite(bytes: string): void;
  onRead(bytes: string): void;
}

/** The sockets of one boot, and `require("net")`. */
export class Net {
  /** `require("net")`: its functions are on a prototype, so that `delete net.connect` undoes an assignment. */
  readonly module: Obj;
  /** `require("tls")`. */
  readonly tls: Obj;
  private readonly prototype: Obj;
  private open = new Map<Obj, Link | undefined>();
  /** Sockets that a client of the board has opened. */
  private readonly guests = new WeakSet<Obj>();
  private readonly servers = new Map<Obj, { listener: Listener; waiting: Link[] }>();

  constructor(private readonly host: NetHost) {
    const { realm } = host;
    const net = this;
    this.prototype = realm.object();
    realm.define(this.prototype, {
      write(this: Obj, data: unknown) {
        return net.write(this, data);
      },
      end(this: Obj, data: unknown) {
        net.end(this, data);
      },
    });
    const builtIn = realm.object();
    realm.define(builtIn, {
      connect: (options: unknown, callback: unknown) => this.connect(options, callback),
      createServer: (callback: unknown) => this.createServer(callback),
    });
    this.module = Object.create(builtIn);
    this.tls = realm.object({
      connect: (options: unknown, callback: unknown) => this.connect(options, callback, true),
    });
  }

  /** Sockets that are open, or whose close event is still to come, and servers. */
  get size(): number {
    return this.open.size + this.servers.size;
  }

  /** Ends all connections, as a network does that loses them. */
  cut(): void {
    for (const link of this.open.values()) link?.cut();
  }

  /** Ends all, silently, as a reset does. */
  kill(): void {
    for (const link of this.open.values()) link?.abandon();
    for (const { listener } of this.servers.values()) listener.close();
    this.open.clear();
    this.servers.clear();
  }

  /** One turn of the idle loop. Returns whether it did anything. */
  idle(): boolean {
    let busy = this.acceptWaiting();
    for (const [socket, link] of [...this.open]) busy = this.turn(socket, link) || busy;
    return busy;
  }

  private createServer(callback: unknown): Obj {
    const { realm } = this.host;
    const net = this;
    const server = realm.object({ type: 0, "#onconnect": callback });
    realm.define(server, {
      listen(this: Obj, port: unknown) {
        const waiting: Link[] = [];
        const listener = net.host.listen(Number(port) & 0xffff, (link) => waiting.push(link));
        net.servers.set(server, { listener, waiting });
        return server;
      },
      close() {
        net.servers.get(server)?.listener.close();
        net.servers.delete(server);
      },
    });
    return server;
  }

  /** As on the engine, each server accepts one connection a turn. */
  private acceptWaiting(): boolean {
    let busy = false;
    for (const [server, { waiting }] of this.servers) {
      const link = waiting.shift();
      if (!link) continue;
      const socket = Object.create(this.prototype) as Obj;
      Object.assign(socket, { type: 0, sckt: this.open.size + 1 });
      this.guests.add(socket);
      this.open.set(socket, link);
      this.host.events.emit(server, "connect", socket);
      busy = true;
    }
    return busy;
  }

  /** Whether the radio carries data of this socket. */
  private online(socket: Obj): boolean {
    return this.guests.has(socket) ? this.host.accessPoint() : this.host.online();
  }

  private connect(options: unknown, callback: unknown, secure = false): Obj | undefined {
    const { realm, print } = this.host;
    if (typeof options !== "object" || options === null) {
      print(`ERROR: Expecting Options to be an Object but it was ${typeof options}`);
      return undefined;
    }
    const { host = "127.0.0.1", port, cert, key } = options as Obj;
    const socket = Object.create(this.prototype) as Obj;
    Object.assign(socket, { type: 0, opt: options });
    if (typeof callback === "function") socket["#onconnect"] = callback;
    const link = this.host.dial({
      host: asBytes(host, "net.connect"),
      port: Number(port) & 0xffff,
      tls: secure ? { cert: cert as string, key: key as string } : undefined,
    });
    this.open.set(socket, link instanceof Link ? link : undefined);
    if (link instanceof Link) {
      socket.sckt = this.open.size;
      return socket;
    }
    // The socket stays in the list and is closed at the next turn. Nothing can listen to its "end" and "close".
    socket.clsNow = true;
    if (link.kind === "dns") throw realm.error("InternalError", "Unable to locate host");
    print(`ERROR: Connect failed (err ${link.errno})`);
    throw realm.error("InternalError", "Unable to create socket");
  }

  private write(socket: Obj, data: unknown): boolean {
    if (socket.cls || socket.clsNow) throw this.host.realm.error("Error", "This socket is closed");
    const bytes = asBytes(this.host.strings.current(data), "socket.write");
    this.host.onWrite(bytes);
    socket.dSnd = ((socket.dSnd as string | undefined) ?? "") + bytes;
    return false;
  }

  private end(socket: Obj, data: unknown): void {
    if (data !== undefined) this.write(socket, data);
    if (!socket.dSnd) socket.clsNow = true;
    socket.cls = true;
  }

  private turn(socket: Obj, link: Link | undefined): boolean {
    let closing = socket.clsNow === true;
    let ended = false;
    let busy = closing;
    this.push(socket);
    if (link && !closing && this.online(socket)) {
      if (socket.dSnd) busy = this.send(socket, link);
      else closing = socket.cls === true;
      const chunk = link.receive(CHUNK);
      ended = chunk === undefined;
      closing = closing || ended;
      if (!ended && !socket.conn) this.connected(socket);
      if (chunk) {
        this.host.onRead(chunk);
        socket.dRcv = ((socket.dRcv as string | undefined) ?? "") + chunk;
        this.push(socket);
      }
      busy = busy || closing || Boolean(chunk) || link.ready;
    }
    if (closing) this.close(socket, link, ended);
    // As on the engine, the idle loop reports it, after all events that this turn has queued.
    if (closing && link?.failed) {
      const code = link.failed.toString(16);
      this.host.events.uncaught = {
        value: this.host.realm.error("InternalError", `mbedtls_ssl_handshake returned -0x${code}`),
      };
    }
    return busy;
  }

  private connected(socket: Obj): void {
    socket.conn = true;
    this.host.events.emit(socket, "connect", socket);
    if (!socket.dSnd) this.host.events.emit(socket, "drain", socket);
  }

  private send(socket: Obj, link: Link): boolean {
    const unsent = socket.dSnd as string;
    const taken = link.send(unsent.substr(0, CHUNK));
    socket.dSnd = unsent.substr(taken);
    if (taken && socket.dSnd === "" && !socket.cls) this.host.events.emit(socket, "drain", socket);
    return taken > 0;
  }

  /** Hands over received bytes at once, without the queue. Without a listener they stay. */
  private push(socket: Obj): void {
    if (!socket.dRcv || !this.host.events.has(socket, "data")) return;
    const data = socket.dRcv;
    socket.dRcv = "";
    if (this.host.faults.strikes("data")) this.host.events.forget(socket, "data");
    else this.host.events.now(socket, "data", data);
  }

  private close(socket: Obj, link: Link | undefined, byPeer: boolean): void {
    link?.close();
    this.open.delete(socket);
    const unsent = byPeer && Boolean(socket.dSnd);
    delete socket.sckt;
    Object.assign(socket, { conn: false, cls: true, endd: true });
    const { events, realm } = this.host;
    if (unsent) {
      events.emit(socket, "error", realm.object({ code: UNSENT_DATA, message: "unsent data" }));
    }
    events.emit(socket, "end");
    events.emit(socket, "close", unsent);
  }
}
