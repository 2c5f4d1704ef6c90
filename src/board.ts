// The board, as types: Wi-Fi, one socket, a clock, random numbers, a log, files, pins. board/esp32 implements them on
// Espruino, test/support/fake-board.ts in memory. The firmware in src/ uses nothing else of the hardware.

/** A byte string: one character (0..255) for each byte. Text in it is UTF-8 (engine 5). */
export type Bytes = string;

/** A pre-shared key for TLS (RFC 4279), and the numbers that its random bytes are made of (src/tls/chance.ts). */
export interface Psk {
  /** Name of this device at the server: 1..128 bytes of text (RFC 4279 5.1, 5.3). */
  identity: Bytes;
  /** 16..64 bytes */
  key: Bytes;
  /** Number of this start; undefined until it is noted in flash. */
  start?: number;
  /** Connections since. */
  connections?: number;
}

/** Where to connect, as read from `mqtt.url`. */
export interface Target {
  /** Name or address to connect to, an IPv6 address without its brackets. */
  host: Bytes;
  /** 1..65535 */
  port: number;
  /** Path and query of the upgrade request, as given; at least "/". */
  path: Bytes;
  /** 1 for wss, the connection uses TLS; 0 for ws. */
  tls: number;
  /** The pre-shared key by which server and board prove to each other who they are; absent without one. */
  psk?: Psk;
  /** Additional headers of the upgrade request, for transports that can send them. */
  headers?: { [name: Bytes]: Bytes };
}

/**
 * Callbacks of the connection that {@link Board.open} started. The board calls none after `onLost`. Each callback
 * receives the record it belongs to (engine 9).
 * @direct
 */
export interface Line {
  /** TCP is connected. */
  onConnected(line: Line): void;
  /** Bytes as they arrive, the handshake reply included. */
  onBytes(line: Line, bytes: Bytes): void;
  /**
   * All written bytes have been sent. Called on request, see {@link Connection.writeBytes}. Over TLS also called once
   * when the upgrade request has been sent: that is the end of the TLS handshake (engine 41).
   */
  onDrained(line: Line): void;
  /** The connection failed or has ended. `why` is the reason in plain words, "" when the board knows no reason. */
  onLost(line: Line, why: Bytes): void;
}

/**
 * Callbacks of everything on a board except its connection.
 * @direct
 */
export interface Owner {
  /** Result of {@link Board.joinWifi}, with its `attempt`. `error` is "" when the board has joined and has an address. */
  onJoined(owner: Owner, attempt: number, error: Bytes): void;
  /** The board has lost the network after it had joined, with the reason. */
  onLeft(owner: Owner, why: Bytes): void;
  /**
   * A second has passed, see {@link Board.tick}.
   * @indirect The module replaces the link's function by its own, which calls the link's.
   */
  onSecond(owner: Owner): void;
  /** The engine has lost something, see {@link Board.faults}. `what` names it. */
  onFault(owner: Owner, what: Bytes): void;
}

/** Credentials of a Wi-Fi network. */
export interface Network {
  ssid: Bytes;
  password: Bytes;
  /** Name announced to the DHCP server, "" for the board's own. */
  hostname: Bytes;
}

/**
 * The one connection of a board, from TCP to the upgrade request.
 * @direct
 */
export interface Connection {
  /**
   * Connects and sends the WebSocket upgrade request (RFC 6455 4.1) with the subprotocol `mqtt`. May block for
   * as long as TCP and DNS take (engine 38). Never throws: a failure calls `line.onLost`, possibly before `open`
   * returns. One connection at a time.
   */
  open(target: Target, line: Line): void;
  /** Whether this reply has the right `Sec-WebSocket-Accept` (RFC 6455 4.1); undefined if the board cannot check it. */
  accepted(reply: Bytes): boolean | undefined;
  /**
   * Writes bytes to the open connection, in one piece. Never throws. "" writes nothing; the board then calls
   * `line.onDrained` once, when its queue is empty.
   * @returns number of written bytes that still wait in the board's own queue
   */
  writeBytes(bytes: Bytes): number;
  /**
   * Masks a frame (RFC 6455 5.2, 5.3) and writes it, in one piece. Never throws.
   * @param head header of the frame; its last four bytes are zero: the place of the masking key
   * @param key 32 bits, the lowest byte is sent first; 0 changes nothing
   * @param length of the payload, in bytes
   * @param at where the key's place begins: length of `head` less 4
   * @returns as {@link writeBytes}
   */
  writeFrame(head: Bytes, payload: Bytes, key: number, length: number, at: number): number;
  /**
   * Closes the connection and reports nothing more of it. Bytes written before are still sent unless `now` is 1: a
   * dead connection would keep them for ever.
   */
  hangUp(now: number): void;
}

/** @direct */
export interface Board extends Connection {
  /** The chip's serial number as text: different on every chip, the same after every boot. */
  serial(): Bytes;
  /**
   * Whole milliseconds since boot; never goes back.
   */
  uptime(): number;
  /** A random number, 0 <= n < 1. */
  chance(): number;
  /**
   * Seeds the random numbers with values that differ between boards and between boots (engine 42).
   * @returns 1 if one of them is a hardware random number, 0 where no random register is known
   */
  seed(): number;
  /**
   * Prints one line on the serial console.
   */
  print(line: Bytes): void;
  /** The text of a file; undefined when the file does not exist. */
  readFile(name: Bytes): Bytes | undefined;
  /** The value of a JSON text; undefined when the text is not JSON. Never throws. */
  parseJson(json: Bytes): unknown;
  /**
   * Calls `owner.onSecond` once a second, the first time a second from now. The next call of `tick` replaces this one;
   * without an owner the tick stops. Seconds in which the engine was blocked are skipped.
   */
  tick(owner?: Owner): void;
  /** Joins a Wi-Fi network; for the module, whose program does that, only reports. Never throws. If `anew` is 1, first switches the radio off and on again (engine 43). */
  joinWifi(network: Network | undefined, owner: Owner, attempt: number, anew: number): void;
  /**
   * Masks bytes as {@link writeFrame} does, for codes that XOR a key with one number.
   * @returns the header with the key, and the masked payload
   */
  maskFrame(head: Bytes, payload: Bytes, key: number): Bytes;
  /** CRC-32 as in Ethernet and ZIP, 0..4,294,967,295. */
  crc32(bytes: Bytes): number;
  /**
   * Writes a file; "" removes it. Never throws.
   * @returns "" when the file is safe in flash, else the reason: no room without moving other files (engine 34)
   */
  writeFile(name: Bytes, bytes: Bytes): Bytes;
  /** Restarts the chip; does not return on a real one. */
  restart(): void;
  /**
   * Feeds the hardware watchdog, and first arms it with this period, in seconds, if it is not armed. 0 hands the feeding
   * to the engine's idle loop (engine 33).
   */
  watchdog(periodS: number): void;
  /** Calls `owner.onFault` whenever the engine has lost something: out of memory, a removed handler. */
  faults(owner: Owner): void;
}

/** Use of a pin. */
export type Use = "output" | "input" | "analog" | "pwm";

/**
 * The pins of a board, by the names printed on it ("D5"). Only builds of applications that use pins have them.
 * @direct
 */
export interface Pins {
  /** The reason why this pin cannot be used in this way; "" where it can. */
  unfit(pin: Bytes, use: Use): Bytes;
  /** Makes the pin an output with this level, 0 or 1. */
  setLevel(pin: Bytes, level: number): void;
  /** Makes the pin a PWM output: `share` is its duty cycle, 0..1, `hz` its frequency. */
  dim(pin: Bytes, share: number, hz: number): void;
  /** The level of a pin, 0 or 1. */
  getLevel(pin: Bytes): number;
  /** The voltage at a pin, 0..1 of the highest that the chip can measure. */
  measure(pin: Bytes): number;
  /**
   * Makes the pin an input. Calls `report` when the level has changed and has been stable for `debounceMs`
   * milliseconds. `ms` is how long the previous level lasted. All pins share one `report`.
   * @param pull "up", "down" or "none": the pull resistor
   */
  follow(
    pin: Bytes,
    pull: Bytes,
    debounceMs: number,
    report: (pin: Bytes, level: number, ms: number) => void,
  ): void;
}

/** The board's end of a connection that a client has opened, as the board knows it. */
export interface Peer {
  /** Only the board reads it. */
  socket: unknown;
}

/**
 * An access point of the board's own, and what listens there. Only builds of applications that can be set up without a cable
 * have it.
 * @direct
 */
export interface AccessPoint {
  /** Whether a button between this pin and ground is pressed: 1 or 0. */
  pressed(pin: Bytes): number;
  /**
   * Opens an access point at 192.168.4.1. Never throws.
   * @param password 8..63 characters for WPA2, "" for an open network
   * @param done is called once, with "" or the reason why there is none
   */
  openAir(name: Bytes, password: Bytes, done: (error: Bytes) => void): void;
  /** Closes it. */
  closeAir(): void;
  /** Leaves the network that the board has joined, or is joining: during an attempt the radio cannot scan. */
  leaveAir(): void;
  /**
   * Listens on a TCP port. Throws where that is not possible.
   * @param accept gets each connection; what it returns is passed to `heard` with what comes. Without it the connection is closed
   * @param heard gets bytes as they arrive, "" when all written bytes are sent, and undefined at the end of the connection
   * @returns what {@link deafen} takes
   */
  listenTcp<Guest>(
    port: number,
    accept: (peer: Peer) => Guest | undefined,
    heard: (guest: Guest, bytes: Bytes | undefined) => void,
  ): unknown;
  /** Stops listening on a TCP port. Its connections stay. */
  deafen(listener: unknown): void;
  /** Writes to a connection; it may have ended. Never throws. */
  tell(peer: Peer, bytes: Bytes): void;
  /** Closes a connection, once all written bytes are sent; at once if `now` is 1. */
  part(peer: Peer, now: number): void;
  /**
   * Answers datagrams on a UDP port. Throws where that is not possible.
   * @param answer returns the answer to a datagram, "" for none
   * @returns what {@link deafenUdp} takes
   */
  answerUdp(port: number, answer: (datagram: Bytes) => Bytes): unknown;
  /** Stops answering datagrams. */
  deafenUdp(listener: unknown): void;
}

/**
 * Facts about the chip and the engine. Only builds of applications that use them have them.
 * @direct
 */
export interface Chip extends AccessPoint {
  /** Name of the chip and version of the engine, as the engine reports them. */
  chipName(): Bytes;
  engineVersion(): Bytes;
  /** The board's IP address, "0.0.0.0" where it has none. */
  ownAddress(): Bytes;
  /** Strength of the Wi-Fi signal in dBm, 0 where it is not known. */
  signal(): number;
  /** Free bytes of the system's heap, 0 where the number is not known. */
  heapLeft(): number;
  /** Number of free JsVars, after a collection of garbage, which takes some milliseconds: not for every message. */
  varsLeft(): number;
  /** Cause of the last reset, in words; "" where the chip does not report it. */
  resetCause(): Bytes;
  /** Scans for Wi-Fi networks and calls `done` once with those found. */
  scanAir(done: (found: Found[]) => void): void;
  /** Calls back once, after `ms` milliseconds. */
  after(ms: number, callback: () => void): void;
}

/**
 * Files that are written in pieces, and read whole without a copy. Only builds of applications that load programs have them.
 * @direct
 */
export interface Pieces {
  /** Bytes of Storage that are free without moving other files (engine 34). */
  room(): number;
  /** Names of the files that begin with this. */
  filesNamed(prefix: Bytes): Bytes[];
  /**
   * Writes a piece of a file of `size` bytes; the piece at 0 makes the file. A piece that was written in part before is
   * completed. Never throws.
   * @returns "" when the piece is in flash, else the reason
   */
  writePiece(name: Bytes, at: number, bytes: Bytes, size: number): Bytes;
  /** SHA-256 (FIPS 180-4) of a text, 32 bytes; undefined when the board has none, or no memory for it now. */
  hashOfText(text: Bytes): Bytes | undefined;
  /** That of a file; undefined where the board cannot tell it. */
  hashOfFile(name: Bytes): Bytes | undefined;
}

/** The two blocks that HMAC makes of a key (src/hmac.ts). They are as secret as the key. */
export interface Pads {
  inner: Bytes;
  outer: Bytes;
}

/**
 * HMAC-SHA256 of `context + text` (RFC 2104 2), 32 bytes; undefined when the board has no SHA-256, or no memory for it now. One
 * function of the board, because every call more is one more on the stack (engine 19).
 */
export type Hmac = (pads: Pads, context: Bytes, text: Bytes) => Bytes | undefined;

/** A network that a scan has found. */
export interface Found {
  ssid: Bytes;
  /** dBm */
  rssi: number;
  channel: number;
}
