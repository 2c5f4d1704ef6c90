// Espruino's `dgram`: UDP sockets that answer who has written to them. A socket that writes first is not there: nothing of
// ours does.
import { asBytes } from "./bytes.ts";
import type { Events } from "./events.ts";
import type { Obj, Realm } from "./realm.ts";
import type { Sender, UdpListener } from "./tcp.ts";

/** The part of the board that `dgram` uses. */
export interface DgramHost {
  realm: Realm;
  events: Events;
  /** Listens on a port. */
  bind(port: number, onDatagram: (bytes: string, from: Sender) => void): UdpListener;
  /** Wakes the idle loop. */
  poke(): void;
}

/** The UDP sockets of one boot, and `require("dgram")`. */
export class Dgram {
  /** `require("dgram")` */
  readonly module: Obj;
  private readonly bound = new Map<Obj, UdpListener>();

  constructor(private readonly host: DgramHost) {
    const createSocket = () => this.create();
    this.module = host.realm.object({ createSocket });
  }

  /** Bound sockets. */
  get size(): number {
    return this.bound.size;
  }

  /** Ends all, silently, as a reset does. */
  kill(): void {
    for (const listener of this.bound.values()) listener.close();
    this.bound.clear();
  }

  private create(): Obj {
    const { realm, events } = this.host;
    const socket = realm.object();
    const { bound, host } = this;
    realm.define(socket, {
      bind(port: unknown, callback?: unknown) {
        const listener = host.bind(Number(port) & 0xffff, (bytes, from) => {
          events.emit(socket, "message", bytes, realm.object({ ...from, size: bytes.length }));
          host.poke();
        });
        bound.set(socket, listener);
        events.later(callback, socket);
        return socket;
      },
      send(bytes: unknown, port: unknown, address: unknown) {
        const to = { port: Number(port), address: String(address) };
        bound.get(socket)?.answer(asBytes(bytes, "dgram.send"), to);
      },
      close() {
        bound.get(socket)?.close();
        bound.delete(socket);
      },
    });
    return socket;
  }
}
