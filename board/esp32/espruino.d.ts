// The part of the Espruino API that the firmware uses and @types/espruino lacks or types too loosely. Every name
// here, and only these and ES5's own, survives minification (build/outside.ts).

/** A byte string: one character (0..255) a byte. */
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
  /** What is not sent yet; undefined before the first write. */
  dSnd?: ByteString;
}

interface EspruinoNet {
  connect(
    options: { host: string; port: number },
    connected: (socket: EspruinoSocket) => void,
  ): EspruinoSocket;
}

interface TlsOptions {
  host: string;
  port: number;
  /** A client's certificate and its key, in DER. */
  cert?: ByteString;
  key?: ByteString;
}

/** An object of the stock `ws` module. */
interface EspruinoWebSocket {
  socket: EspruinoSocket | null;
  /** True once the handshake's accept hash was seen. */
  connected: boolean;
  /** Bytes that wait for more. */
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
  read(name: string): ByteString | undefined;
  write(name: string, bytes: ByteString): boolean;
  erase(name: string): void;
  /** Bytes behind the last file, headers included. */
  getFree(): number;
}

interface EspruinoWifi {
  connect(ssid: string, options: { password: string }, callback: (error: string | null) => void): void;
  disconnect(): void;
  stopAP(): void;
  setHostname(name: string): void;
  getStatus(): { rssi?: number };
  getIP(): { ip: string };
  scan(callback: (found: { ssid: string; rssi: number; channel: number }[]) => void): void;
  on(event: "disconnected", listener: (details: { msg: string }) => void): void;
  removeAllListeners(event: string): void;
}

declare function require(module: "net"): EspruinoNet;
declare function require(module: "tls"): EspruinoNet;
declare function require(module: "ws"): EspruinoWebSocketModule;
declare function require(module: "Storage"): EspruinoStorage;
declare function require(module: "crypto"): {
  SHA1(bytes: ByteString): ArrayBuffer;
  SHA256(bytes: ByteString): ArrayBuffer;
};
declare function require(module: "Wifi"): EspruinoWifi;

/** What every object of the engine has. */
interface EspruinoObject {
  on(event: string, listener: unknown): void;
  removeListener(event: string, listener: unknown): void;
  /** Queues a call of the listeners, with at most four arguments. */
  emit(event: string, ...args: unknown[]): void;
}

/** Where a module puts what it gives. */
declare const exports: { [name: string]: unknown };

declare const console: { log(line: string): void };
declare const process: {
  env: { BOARD: string };
  version: string;
  /** JsVars. Also collects garbage, unless called with false. */
  memory(collect?: boolean): { free: number };
  on(event: "uncaughtException", listener: (error: unknown) => void): void;
  removeListener(event: "uncaughtException", listener: (error: unknown) => void): void;
  removeAllListeners(event: "uncaughtException"): void;
  /** Where the engine keeps its listeners. */
  "#onuncaughtException"?: unknown[];
};

declare function setTimeout(callback: () => void, ms: number): number;
declare function setInterval(callback: () => void, ms: number): number;
declare function clearInterval(id: number): void;

// Pins are named by texts here, "D5"; the engine takes them wherever it takes a Pin.
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
 * `pin`, `state`; `time` and `lastTime` in seconds, the latter undefined the first time. To be named by texts: were they
 * declared, other properties of these names would lose their short ones.
 */
interface EspruinoPinEvent {
  [name: string]: unknown;
}

declare const ESP32: {
  reboot(): void;
  /** `freeHeap`: of the system's own memory, in bytes. */
  getState(): { freeHeap: number };
};

/** Reads a 32-bit register. */
declare function peek32(address: number): number;

declare namespace E {
  /** The bytes of all of them in one new string, in one piece of memory if there is one that is large enough. */
  // biome-ignore lint/suspicious/noShadowRestrictedNames: that is its name
  function toString(...bytes: (ByteString | ArrayBuffer)[]): ByteString;
  /** The same bytes as an array of bytes, not a copy. */
  function toArrayBuffer(bytes: ByteString): ArrayBuffer;
  function srand(seed: number): void;
  function hwRand(): number;
  function CRC32(bytes: ByteString): number;
  function enableWatchdog(seconds: number, automatic: boolean): void;
  function kickWatchdog(): void;
  /** Flags are FIFO_FULL, BUFFER_FULL, CALLBACK (it was removed), LOW_MEMORY, MEMORY, UART_OVERFLOW. */
  function on(event: "errorFlag", listener: (flags: string[]) => void): void;
  /** Also forgets them, so that the next ones are reported. */
  function getErrorFlags(): string[];
}
