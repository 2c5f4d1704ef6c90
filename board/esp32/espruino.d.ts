// The part of the Espruino API that the firmware uses and that @types/espruino lacks or types too loosely. The minifier
// keeps every name in this file (build/outside.ts).

/** A byte string: one character (0..255) for each byte. */
type ByteString = string;

interface EspruinoSocket {
  write(bytes: ByteString): boolean;
  end(): void;
  on(event: "data", listener: (bytes: ByteString) => void): void;
  on(event: "close", listener: (this: EspruinoSocket, hadError: boolean) => void): void;
  on(
    event: "error",
    listener: (this: EspruinoSocket, error: { code: number; message: string }) => void,
  ): void;
  on(event: "drain", listener: (this: EspruinoSocket) => void): void;
  removeAllListeners(event?: string): void;
  /** Unsent bytes (engine 37); undefined before the first write. */
  dSnd?: ByteString;
}

interface EspruinoNet {
  connect(
    options: { host: string; port: number },
    connected: (socket: EspruinoSocket) => void,
  ): EspruinoSocket;
  createServer(connected: (socket: EspruinoSocket) => void): EspruinoServer;
}

interface EspruinoServer {
  listen(port: number): void;
  /** Its connections stay open. */
  close(): void;
}

interface EspruinoDgram {
  createSocket(type: "udp4"): EspruinoUdp;
}

interface EspruinoUdp {
  bind(port: number): void;
  on(
    event: "message",
    listener: (datagram: ByteString, from: { address: string; port: number }) => void,
  ): void;
  send(datagram: ByteString, port: number, address: string): void;
  close(): void;
}

interface TlsOptions {
  host: string;
  port: number;
  /** The client's certificate and its key, in DER. */
  cert?: ByteString;
  key?: ByteString;
}

/** An object of the stock `ws` module. */
interface EspruinoWebSocket {
  socket: EspruinoSocket | null;
  /** True when the reply of the handshake had the expected hash. */
  connected: boolean;
  /** Received bytes that are not handled yet. */
  lastData: ByteString;
  /** The module's own PING timer. */
  pingTimer: number | undefined;
  parseData(this: EspruinoWebSocket, bytes: ByteString): void;
  removeAllListeners(event?: string): void;
}

type EspruinoWebSocketModule = (
  host: string,
  options: {
    path: string;
    port: number;
    protocol: string;
    keepAlive: number;
    headers: { [name: string]: string };
  },
) => EspruinoWebSocket;

interface EspruinoStorage {
  list(): string[];
  read(name: string): ByteString | undefined;
  /** `offset` and `size`: a piece of a file of that size. */
  write(name: string, bytes: ByteString, offset?: number, size?: number): boolean;
  erase(name: string): void;
  /** Free bytes after the last file. A new file also needs a header. */
  getFree(): number;
}

interface EspruinoWifi {
  connect(ssid: string, options: { password: string }, callback: (error: string | null) => void): void;
  disconnect(): void;
  stopAP(): void;
  startAP(
    name: string,
    options: { password?: string; authMode: "open" | "wpa2" },
    callback: (error: string | null) => void,
  ): void;
  setHostname(name: string): void;
  getStatus(): { rssi?: number; station?: string };
  getIP(): { ip: string };
  scan(callback: (found: { ssid: string; rssi: number; channel: number }[]) => void): void;
  on(event: "disconnected", listener: (details: { msg: string }) => void): void;
  removeAllListeners(event: string): void;
}

declare function require(module: "net"): EspruinoNet;
declare function require(module: "tls"): EspruinoNet;
declare function require(module: "dgram"): EspruinoDgram;
declare function require(module: "ws"): EspruinoWebSocketModule;
declare function require(module: "Storage"): EspruinoStorage;
declare function require(module: "crypto"): {
  SHA1(bytes: ByteString): ArrayBuffer;
  SHA256(bytes: ByteString): ArrayBuffer;
  /** Absent in some builds. Without padding: whole blocks only. */
  AES?: {
    encrypt(bytes: ByteString, key: ByteString, options: EspruinoAesOptions): ArrayBuffer;
    /** Without options: CBC, and an IV of zeros. */
    decrypt(bytes: ByteString, key: ByteString, options?: EspruinoAesOptions): ArrayBuffer;
  };
};
declare function require(module: "Wifi"): EspruinoWifi;

interface EspruinoAesOptions {
  iv: ByteString;
  mode: "CBC";
}

/** The methods of every object of the engine (engine 7). */
interface EspruinoObject {
  on(event: string, listener: unknown): void;
  removeListener(event: string, listener: unknown): void;
  /** Queues a call of the listeners, with at most four arguments. */
  emit(event: string, ...args: unknown[]): void;
}

/** The exports of a module. */
declare const exports: typeof import("../../src/module/mqtt-ws");

declare const console: { log(line: string): void };
declare const process: {
  env: { BOARD: string };
  version: string;
  /** `free`: number of JsVars, after a collection of garbage. */
  memory(): { free: number };
  on(event: "uncaughtException", listener: (error: unknown) => void): void;
  removeListener(event: "uncaughtException", listener: (error: unknown) => void): void;
  removeAllListeners(event: "uncaughtException"): void;
  /** The engine's list of listeners for `uncaughtException` (engine 28). */
  "#onuncaughtException"?: unknown[];
};

declare function setTimeout(callback: () => void, ms: number): number;
declare function setInterval(callback: () => void, ms: number): number;
declare function clearInterval(id: number): void;

// A pin is a text here, "D5": the engine accepts it in place of a Pin.
declare function digitalWrite(pin: string, level: number): void;
declare function digitalRead(pin: string): number;
declare function analogRead(pin: string): number;
declare function analogWrite(pin: string, share: number, options: { freq: number }): void;
declare function pinMode(pin: string, mode: string): void;
declare function setWatch(
  callback: (event: EspruinoPinEvent) => void,
  pin: string,
  options: { repeat: boolean; edge: "both"; debounce: number },
): number;

/**
 * `pin`, `state`; `time` and `lastTime` in seconds, `lastTime` undefined the first time. Read them by text, as
 * `event["pin"]`: if they were declared, other properties with these names would not be shortened (engine 8).
 */
interface EspruinoPinEvent {
  [name: string]: unknown;
}

declare const ESP32: {
  reboot(): void;
  /** `freeHeap`: free bytes of the system's heap. */
  getState(): { freeHeap: number };
};

/** The engine's own promises. */
// biome-ignore lint/suspicious/noShadowRestrictedNames: that is its name
declare const Promise: new (
  executor: (resolve: (value?: unknown) => void, reject: (error: unknown) => void) => void,
) => object;

/** Reads a 32-bit register. */
/** The running program's own file. */
declare var $a: string;
declare function peek32(address: number): number;

declare namespace E {
  /** All bytes in one new string, in one piece of memory if a large enough piece is free. */
  // biome-ignore lint/suspicious/noShadowRestrictedNames: that is its name
  function toString(...bytes: (ByteString | ArrayBuffer)[]): ByteString;
  /** The string's own memory as an ArrayBuffer, not a copy (engine 18). */
  function toArrayBuffer(bytes: ByteString): ArrayBuffer;
  function srand(seed: number): void;
  function hwRand(): number;
  function CRC32(bytes: ByteString): number;
  function enableWatchdog(seconds: number, automatic: boolean): void;
  function kickWatchdog(): void;
  /** Flags: FIFO_FULL, BUFFER_FULL, CALLBACK (a handler was removed), LOW_MEMORY, MEMORY, UART_OVERFLOW (engine 30). */
  function on(event: "errorFlag", listener: (flags: string[]) => void): void;
  /** Also clears the flags, so that the next ones are reported (engine 30). */
  function getErrorFlags(): string[];
}
