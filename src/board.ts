// What the firmware needs from the world, as types only: Wi-Fi, one socket, a clock, chance, a log, files.
// board/esp32 implements it on Espruino, test/fake-board.ts in memory; src/ knows nothing else of any of them.

/** A byte string: one character (0..255) a byte. Text in it is UTF-8. */
export type Bytes = string;

/** Where to connect, as read from `mqtt.url`. */
export interface Target {
  /** Name or address to connect to, an IPv6 address without its brackets. */
  host: Bytes;
  /** 1..65535 */
  port: number;
  /** Path and query of the upgrade request, as given; at least "/". */
  path: Bytes;
  /** Value of the `Host` header: host, brackets included, and the port where it is not the default one. */
  authority: Bytes;
  /** 1 for wss: the connection then is one over TLS. */
  tls: number;
  /** Further headers of the upgrade request, for transports that can send them. */
  headers?: { [name: Bytes]: Bytes };
}

/** What a board reports of the connection that {@link Board.open} began; nothing comes after `closed`. */
export interface Line {
  /** Bytes as they arrive, the handshake reply included; "" once, when TCP is connected. */
  data(bytes: Bytes): void;
  /**
   * All that was written has been sent. Reported when asked for, see {@link Connection.write}, and over TLS once when
   * the upgrade request has been: the handshake is done then.
   */
  drained(): void;
  /** The connection could not be made, or has ended. Says why in plain words, "" when there is no more to say. */
  closed(why: Bytes): void;
}

/** What a board reports of its Wi-Fi. */
export interface Radio {
  /** The answer to {@link Board.join}: "" when joined and an address was given, else the error. */
  joined(error: Bytes): void;
  /** The network was lost later on, with the reason. */
  left(why: Bytes): void;
}

/** Credentials of a Wi-Fi network. */
export interface Network {
  ssid: Bytes;
  password: Bytes;
  /** Name announced to the DHCP server, "" for the board's own. */
  hostname: Bytes;
}

/** The one connection of a board, from TCP to the upgrade request. */
export interface Connection {
  /**
   * Connects and sends the WebSocket upgrade request (RFC 6455 4.1) with the subprotocol `mqtt`. May block for
   * as long as TCP and DNS take. Never throws: what goes wrong goes to `line.closed`, perhaps before it returns.
   * One connection at a time.
   */
  open(target: Target, line: Line): void;
  /** Whether this reply has the right `Sec-WebSocket-Accept` (RFC 6455 4.1); undefined if the board cannot tell. */
  accepted(reply: Bytes): boolean | undefined;
  /**
   * Writes bytes to the open connection, in one piece. Never throws. "" writes none, and has `line.drained` reported
   * once when what waits now has been sent.
   * @returns the bytes written so far that still wait in the board's own queue
   */
  write(bytes: Bytes): number;
  /**
   * Closes the connection and reports nothing more of it. Goes on sending what was written before, unless `now` is
   * 1: a dead line would keep it for ever.
   */
  end(now: number): void;
}

export interface Board extends Connection {
  /** The chip's serial number as text: different on every chip, the same after every boot. */
  serial(): Bytes;
  /** Whole milliseconds since boot; never goes back. */
  now(): number;
  /** A random number, 0 <= n < 1. */
  random(): number;
  /**
   * Mixes what differs from board to board and from boot to boot into the random numbers.
   * @returns 1 if a source of chance was among it, 0 where the board has none that is known
   */
  seed(): number;
  /** Prints one line on the serial console. */
  print(line: Bytes): void;
  /** The text of a file, undefined when there is none. */
  read(name: Bytes): Bytes | undefined;
  /** The value of a JSON text, undefined when it is none. Never throws. */
  parse(json: Bytes): unknown;
  /**
   * Calls `second` once a second, first a second from now, until called again, or with undefined. A second lost to
   * blocking is not made up for.
   */
  tick(second?: () => void): void;
  /** Joins a Wi-Fi network. Never throws. Switches the radio off and on again first if `anew` is 1. */
  join(network: Network, radio: Radio, anew: number): void;
  /**
   * A frame (RFC 6455 5.2): its header, which ends with four zero bytes where the key goes, and its payload.
   * @returns the same with the key, 32 bits, lowest byte first, and the payload masked with it (5.3)
   */
  mask(head: Bytes, payload: Bytes, key: number): Bytes;
  /** CRC-32 as in Ethernet and ZIP, 0..4,294,967,295. */
  crc(bytes: Bytes): number;
  /**
   * Writes a file; "" removes it. Never throws.
   * @returns "" when it is safe in flash, else why not: there is no room without moving other files
   */
  save(name: Bytes, bytes: Bytes): Bytes;
  /** Restarts the chip; does not return on a real one. */
  restart(): void;
  /**
   * Arms the hardware watchdog with this period if it is not armed, and feeds it; 0 hands the feeding to the engine's
   * idle loop, because a watchdog cannot be disarmed.
   */
  watchdog(periodS: number): void;
  /** Calls `report` whenever the engine has lost something: out of memory, a removed handler. Says what. */
  faults(report: (what: Bytes) => void): void;
}
