// What the firmware needs from the world, as types only: Wi-Fi, one socket, a clock, chance, a log, files, pins.
// board/esp32 implements it on Espruino, test/support/fake-board.ts in memory; src/ knows nothing else of any of them.

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

/**
 * What a board reports of the connection that {@link Board.open} began; nothing comes after `onLost`. Here and wherever
 * somebody is told of something, the functions get the record that they are in: a closure would take 10 JsVars.
 * @direct
 */
export interface Line {
  /** Bytes as they arrive, the handshake reply included; "" once, when TCP is connected. */
  onBytes(line: Line, bytes: Bytes): void;
  /**
   * All that was written has been sent. Reported when asked for, see {@link Connection.write}, and over TLS once when
   * the upgrade request has been: the handshake is done then.
   */
  onDrained(line: Line): void;
  /** The connection could not be made, or has ended. Says why in plain words, "" when there is no more to say. */
  onLost(line: Line, why: Bytes): void;
}

/**
 * What a board reports to, of everything but its connection.
 * @direct
 */
export interface Owner {
  /** The answer to {@link Board.joinWifi}, with its `attempt`: "" when joined and an address was given, else the error. */
  onJoined(owner: Owner, attempt: number, error: Bytes): void;
  /** The network was lost later on, with the reason. */
  onLeft(owner: Owner, why: Bytes): void;
  /**
   * A second has passed, see {@link Board.tick}.
   * @indirect The module puts a function of its own in front of the link's.
   */
  onSecond(owner: Owner): void;
  /** The engine has lost something, see {@link Board.faults}: says what. */
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
   * as long as TCP and DNS take. Never throws: what goes wrong goes to `line.onLost`, perhaps before it returns.
   * One connection at a time.
   */
  open(target: Target, line: Line): void;
  /** Whether this reply has the right `Sec-WebSocket-Accept` (RFC 6455 4.1); undefined if the board cannot tell. */
  accepted(reply: Bytes): boolean | undefined;
  /**
   * Writes bytes to the open connection, in one piece. Never throws. "" writes none, and has `line.onDrained` reported
   * once when what waits now has been sent.
   * @returns the bytes written so far that still wait in the board's own queue
   */
  writeBytes(bytes: Bytes): number;
  /**
   * Closes the connection and reports nothing more of it. Goes on sending what was written before, unless `now` is
   * 1: a dead line would keep it for ever.
   */
  hangUp(now: number): void;
}

/** @direct */
export interface Board extends Connection {
  /** The chip's serial number as text: different on every chip, the same after every boot. */
  serial(): Bytes;
  /**
   * Whole milliseconds since boot; never goes back.
   * @indirect The module judges a configuration without a clock.
   */
  uptime(): number;
  /** A random number, 0 <= n < 1. */
  chance(): number;
  /**
   * Mixes what differs from board to board and from boot to boot into the random numbers.
   * @returns 1 if a source of chance was among it, 0 where the board has none that is known
   */
  seed(): number;
  /**
   * Prints one line on the serial console.
   * @indirect The device listens to what is printed, and the module to what is wrong in a configuration.
   */
  print(line: Bytes): void;
  /** The text of a file, undefined when there is none. */
  readFile(name: Bytes): Bytes | undefined;
  /** The value of a JSON text, undefined when it is none. Never throws. */
  parseJson(json: Bytes): unknown;
  /**
   * Calls `owner.onSecond` once a second, first a second from now, until called again, or without an owner. A second
   * lost to blocking is not made up for.
   */
  tick(owner?: Owner): void;
  /** Joins a Wi-Fi network. Never throws. Switches the radio off and on again first if `anew` is 1. */
  joinWifi(network: Network, owner: Owner, attempt: number, anew: number): void;
  /**
   * A frame (RFC 6455 5.2): its header, which ends with four zero bytes where the key goes, and its payload.
   * @returns the same with the key, 32 bits, lowest byte first, and the payload masked with it (5.3)
   */
  maskFrame(head: Bytes, payload: Bytes, key: number): Bytes;
  /** CRC-32 as in Ethernet and ZIP, 0..4,294,967,295. */
  crc32(bytes: Bytes): number;
  /**
   * Writes a file; "" removes it. Never throws.
   * @returns "" when it is safe in flash, else why not: there is no room without moving other files
   */
  writeFile(name: Bytes, bytes: Bytes): Bytes;
  /** Restarts the chip; does not return on a real one. */
  restart(): void;
  /**
   * Arms the hardware watchdog with this period if it is not armed, and feeds it; 0 hands the feeding to the engine's
   * idle loop, because a watchdog cannot be disarmed.
   */
  watchdog(periodS: number): void;
  /** Calls `owner.onFault` whenever the engine has lost something: out of memory, a removed handler. */
  faults(owner: Owner): void;
}

/** What a pin is to be used for. */
export type Use = "output" | "input" | "analog" | "pwm";

/**
 * The pins of a board, by the names printed on it ("D5"); for applications that want them, and only in their builds.
 * @direct
 */
export interface Pins {
  /** Why this pin cannot be used so, see {@link Use}; "" where it can. */
  unfit(pin: Bytes, use: Use): Bytes;
  /** Makes the pin an output with this level, 0 or 1. */
  setLevel(pin: Bytes, level: number): void;
  /** Makes the pin an output that is high for this share of the time, 0..1, so many times a second. */
  dim(pin: Bytes, share: number, hz: number): void;
  /** The level of a pin, 0 or 1. */
  getLevel(pin: Bytes): number;
  /** The voltage at a pin as a share of the highest that can be measured, 0..1. */
  measure(pin: Bytes): number;
  /**
   * Makes the pin an input and calls `report` with its name, its new level and the milliseconds that it had the one
   * before, whenever it has changed and has stayed so for `debounceMs`.
   * There is one `report` for all pins.
   * @param pull "up", "down" or "none": what the chip puts on an open pin
   */
  follow(
    pin: Bytes,
    pull: Bytes,
    debounceMs: number,
    report: (pin: Bytes, level: number, ms: number) => void,
  ): void;
}

/**
 * What a chip tells of itself; for applications that want it, and only in their builds.
 * @direct
 */
export interface Chip {
  /** Name of the chip, and version of the engine. */
  chipName(): Bytes;
  engineVersion(): Bytes;
  /** Our address, "0.0.0.0" where there is none. */
  ownAddress(): Bytes;
  /** Signal of the Wi-Fi in dBm, 0 where it is not known. */
  signal(): number;
  /** Free bytes of the system's own memory, 0 where they are not known. */
  heapLeft(): number;
  /** JsVars that are free, garbage not collected. */
  varsLeft(): number;
  /** Why the chip was reset, in words; "" where it does not tell. */
  resetCause(): Bytes;
  /** Looks for networks and calls `done` once with those found. */
  scanAir(done: (found: Found[]) => void): void;
  /** Calls back once, so many milliseconds from now. */
  after(ms: number, callback: () => void): void;
}

/** A network that was found. */
export interface Found {
  ssid: Bytes;
  /** dBm */
  rssi: number;
  channel: number;
}
