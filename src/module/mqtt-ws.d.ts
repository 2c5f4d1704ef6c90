// Types of the Espruino module "mqtt-ws": dist/mqtt-ws.js and its kin, for `require("mqtt-ws")`. Names and order of
// arguments are those of MQTT.js; what differs stands in the README, "Use it as a module".

/** A string of which each character (0..255) is a byte. Text in it is UTF-8. */
export type ByteString = string;

/**
 * What can be published: byte strings, and text, which on Espruino are the same; the memory of typed arrays; numbers and
 * booleans as their text; other objects as JSON.
 */
export type Payload = ByteString | ArrayBuffer | ArrayBufferView | number | boolean | object | null;

/** 0 at most once, 1 at least once, 2 exactly once (not in the tiny builds). */
export type QoS = 0 | 1 | 2;

/** Properties of MQTT 5 by their names in MQTT.js; in the builds `v5` only. */
export interface Properties {
  /** The payload is UTF-8. */
  payloadFormatIndicator?: boolean;
  /** Seconds. */
  messageExpiryInterval?: number;
  contentType?: string;
  responseTopic?: string;
  correlationData?: ByteString;
  /** Values by name; several of one name are an array. */
  userProperties?: { [name: string]: string | string[] };
  /** Of a subscription, and of messages that came because of it. */
  subscriptionIdentifier?: number | number[];
  reasonString?: string;
  /** What a server says in CONNACK. */
  [name: string]: unknown;
}

/** What the server publishes when this client vanishes. Not in the tiny builds. */
export interface Will {
  topic: string;
  payload?: Payload;
  qos?: QoS;
  retain?: boolean;
  properties?: {
    /** Seconds. */
    willDelayInterval?: number;
    payloadFormatIndicator?: boolean;
    /** Seconds. */
    messageExpiryInterval?: number;
    contentType?: string;
    responseTopic?: string;
    correlationData?: ByteString;
  };
}

export interface ConnectOptions {
  /** Default `esp32-<serial number>`. */
  clientId?: string;
  /** Go before those in the URL. */
  username?: string;
  password?: string;
  /** Seconds, 0..65535, 0 = off; default 60. */
  keepalive?: number;
  /** False: the server keeps the session; needs a `clientId`. Default true. */
  clean?: boolean;
  will?: Will;
  /** Least ms between two attempts, default 1000; 0: no attempt but those of {@link MqttClient.reconnect}. */
  reconnectPeriod?: number;
  /** Most ms for one attempt, 1000..3600000. Default: 30 s for TCP, 10 for the WebSocket, 10 for CONNACK. */
  connectTimeout?: number;
  /** 4 = MQTT 3.1.1 (default); in the builds `v5` also 5, and "auto": 5, or 4 if the server speaks no other. */
  protocolVersion?: 4 | 5 | "auto";
  /** What CONNECT says of MQTT 5. */
  properties?: {
    /** Seconds. */
    sessionExpiryInterval?: number;
    /** 1..64 */
    receiveMaximum?: number;
    /** 0..64 */
    topicAliasMaximum?: number;
    requestResponseInformation?: boolean;
    requestProblemInformation?: boolean;
  };
  /** What waits for its acknowledgement, or for a connection; `save`: in flash, over a restart (not in tiny builds). */
  outbox?: { messages?: number; bytes?: number; save?: boolean };
  /** 128..1048576 bytes: larger messages are let pass by. Default 4096. */
  maxPacket?: number;
  /** 1..65535 packets that wait for their answers. Default 8. */
  maxInflight?: number;
  /** 1032..65535 bytes in the engine's own queue. Default 2048. */
  maxUnsent?: number;
  /** "zero": frames are not masked by chance, which is faster and not what RFC 6455 asks for. */
  mask?: "random" | "zero";
  /** Further headers of the upgrade request. */
  headers?: { [name: string]: string };
  /** Must be said for `wss://`: Espruino does not check who the server is. */
  tls?: "unverified";
  /** 0 nothing (default), 1 errors, 2 what happens, 3 why, 4 every byte: lines on the console. */
  log?: 0 | 1 | 2 | 3 | 4;
}

export interface PublishOptions {
  /** Default 0. */
  qos?: QoS;
  retain?: boolean;
  /**
   * What to do when it cannot be sent now. "keep" (default): it waits; "latest": it waits, and takes the place of an older
   * one to its topic; "drop": it is dropped.
   */
  policy?: "keep" | "latest" | "drop";
  properties?: Properties;
}

export interface SubscribeOptions {
  /** Default 0. */
  qos?: QoS;
  /** MQTT 5: not what this client publishes itself; retained as published; 0, 1, 2: when retained messages come. */
  nl?: boolean;
  rap?: boolean;
  rh?: 0 | 1 | 2;
  properties?: { subscriptionIdentifier?: number; userProperties?: { [name: string]: string | string[] } };
}

/** What the server says of one filter: the QoS, or a Reason Code from 128 on. */
export interface Granted {
  topic: string;
  qos: number;
}

/** A message that came. */
export interface Packet {
  cmd: string;
  topic: string;
  payload: ByteString;
  qos: QoS;
  retain: boolean;
  dup: boolean;
  properties?: Properties;
}

/** The server has accepted us. */
export interface Connack {
  cmd: string;
  sessionPresent: boolean;
  properties?: Properties;
}

/** A packet that was handed to the connection, or came. */
export interface Seen {
  /** connect, connack, publish, puback, ... */
  cmd: string;
  /** Bytes of the whole packet; not of a message that came. */
  length?: number;
}

/** `code`: a Reason Code of MQTT 5, or one of those from 256 on in the README, or an HTTP status. */
export interface MqttError extends Error {
  code: number;
}

/** `error` is undefined when all is well. */
export type Callback = (error?: MqttError) => void;
export type SubscribeCallback = (error: MqttError | undefined, granted: Granted[]) => void;
export type MessageHandler = (this: MqttClient, topic: string, payload: ByteString, packet: Packet) => void;

export interface MqttClient {
  /** Whether the server has accepted us and the connection is there. */
  connected: boolean;

  publish(topic: string, payload: Payload, callback?: Callback): this;
  publish(topic: string, payload: Payload, options?: PublishOptions, callback?: Callback): this;

  subscribe(filter: string | string[], callback?: SubscribeCallback): this;
  subscribe(filter: string | string[], options?: SubscribeOptions, callback?: SubscribeCallback): this;
  subscribe(filters: { [filter: string]: SubscribeOptions }, callback?: SubscribeCallback): this;

  unsubscribe(filter: string | string[], callback?: Callback): this;
  unsubscribe(filter: string | string[], options?: object, callback?: Callback): this;

  /**
   * Ends it for good: waits at most 10 s for what was not acknowledged, then DISCONNECT. `force`: at once and without
   * DISCONNECT, so that the server publishes the will.
   */
  end(callback?: () => void): this;
  end(force: boolean, callback?: () => void): this;
  end(force?: boolean, options?: object, callback?: () => void): this;

  /** Connects again after {@link end}, or at once while it waits to do so. */
  reconnect(): this;

  on(event: "connect", listener: (this: MqttClient, packet: Connack) => void): this;
  on(event: "message", listener: MessageHandler): this;
  on(event: "close" | "offline" | "reconnect" | "end", listener: (this: MqttClient) => void): this;
  on(event: "error", listener: (this: MqttClient, error: MqttError) => void): this;
  on(event: "packetsend" | "packetreceive", listener: (this: MqttClient, packet: Seen) => void): this;
  /** Any other name is a Topic Filter: the handler gets the messages whose topic matches. Subscribes to nothing. */
  on(filter: string, handler: MessageHandler): this;

  removeListener(event: string, listener: (...args: never[]) => void): this;
}

/**
 * Connects to `ws://[user[:password]@]host[:port][/path][?query]`, or `wss://`. Throws on a bad URL or option, and while
 * another client is not ended: the board has one connection.
 */
export function connect(url: string, options?: ConnectOptions): MqttClient;

/**
 * The value of JSON in UTF-8, undefined if it is none: the engine's own makes one byte of `"\u20ac"`. Objects that are
 * published become such JSON.
 */
export function fromJson(json: ByteString): unknown;
