// Types of the Espruino module "mqtt-ws": dist/mqtt-ws.js and its variants, for `require("mqtt-ws")`. Names and order of
// arguments are those of MQTT.js; docs/module.md says what differs.

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

/** The server publishes it when this client is lost. Not in the tiny builds. */
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
  /** They replace those in the URL. A password without a user name needs `protocolVersion` 5. */
  username?: string;
  password?: string;
  /** Seconds, 0..65535, 0 = off; default 45: many proxies close a connection that is silent for 60 s. */
  keepalive?: number;
  /** False: the server keeps the session; needs a `clientId`. Default true. */
  clean?: boolean;
  will?: Will;
  /** Least ms between two attempts, default 1000; 0: only {@link MqttClient.reconnect} connects again. */
  reconnectPeriod?: number;
  /** Most ms for one attempt, 1000..3600000. Default: 30 s for TCP, 10 for the WebSocket, 10 for CONNACK. */
  connectTimeout?: number;
  /** 4 = MQTT 3.1.1 (default); in the builds `v5` also 5, and "auto": 5, or 4 if the server does not speak 5. */
  protocolVersion?: 4 | 5 | "auto";
  /** Properties of CONNECT, MQTT 5. */
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
  /** Most messages and bytes that wait. `save`: they are kept in flash over a restart (not in the tiny builds). */
  outbox?: { messages?: number; bytes?: number; save?: boolean };
  /** 128..1048576 bytes. A larger message is acknowledged and dropped. Default 4096. */
  maxPacket?: number;
  /** 1..65535 packets that wait for their answers. Default 8. */
  maxInflight?: number;
  /** 1032..65535 bytes in the engine's own queue. Default 2048. */
  maxUnsent?: number;
  /** "zero": the masking key of frames is 0. That is faster, but RFC 6455 asks for random keys. */
  mask?: "random" | "zero";
  /** Further headers of the upgrade request. */
  headers?: { [name: string]: string };
  /** Required for `wss://`. "unverified": encrypted, but any server is accepted. */
  tls?:
    | "unverified"
    | {
        /** Server and board prove to each other that they have the key: 16..64 bytes, hexadecimal or base64. */
        psk: { identity: string; key: string };
      };
  /**
   * Up to 4 hosts in place of the one in the URL: after a failure the next one is tried, from a random one on. `protocol`, if it
   * is there, must be that of the URL.
   */
  servers?: { host: string; port?: number; protocol?: "ws" | "wss" }[];
  /** 0 nothing (default), 1 errors, 2 what happens, 3 why, 4 every byte: lines on the console. */
  log?: 0 | 1 | 2 | 3 | 4;
  /** Called before each attempt to connect, for credentials that expire. */
  renew?: Renew;
  /** Enhanced authentication; in the builds `v5` only. */
  auth?: Auth;
  /** The client gets the methods of {@link Extras}, about 60 JsVars. */
  extras?: boolean;
}

/**
 * Gets new credentials, then calls `next` within 30 s: with an error, which ends the attempt; with a URL, whose host, path,
 * query, user name and password replace the former ones; or without either. The scheme stays.
 */
export type Renew = (next: (error?: unknown, url?: string) => void) => void;

/** A method of enhanced authentication (MQTT 5, 4.12). */
export interface Auth {
  /** Its name. */
  method: string;
  /**
   * Returns the Authentication Data to send, given the server's. `data` is "" at first. It is also called with the data that
   * accepts this client. `undefined`: the server is not trusted, and the connection ends.
   */
  next(data: ByteString): ByteString | undefined;
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
  /** MQTT 5: No Local, Retain As Published, Retain Handling (3.8.3.1). */
  nl?: boolean;
  rap?: boolean;
  rh?: 0 | 1 | 2;
  properties?: { subscriptionIdentifier?: number; userProperties?: { [name: string]: string | string[] } };
}

/** Options by filter. Properties belong to the whole SUBSCRIBE. */
export type FilterOptions = { [filter: string]: Omit<SubscribeOptions, "properties"> };
/** What DISCONNECT says; in the builds `v5` only. */
export interface EndOptions {
  /** A Reason Code that a client may send (MQTT 5, 3.14.2.1). 4: the server publishes the will. Default 0. */
  reasonCode?: number;
  properties?: {
    /** Seconds. */
    sessionExpiryInterval?: number;
    reasonString?: string;
    userProperties?: { [name: string]: string | string[] };
  };
}

export interface RequestOptions {
  /** Most ms until the response, 1000 or more, default 10000. */
  timeout?: number;
}

export interface UnsubscribeOptions {
  /** MQTT 5. */
  properties?: { userProperties?: { [name: string]: string | string[] } };
}

/** The server's answer for one filter: the QoS, or a Reason Code from 128 on. */
export interface Granted {
  topic: string;
  qos: number;
}

/** A message from the server. */
export interface Packet {
  cmd: string;
  topic: string;
  payload: ByteString;
  qos: QoS;
  retain: boolean;
  dup: boolean;
  properties?: Properties;
}

/** The server has accepted the connection. */
export interface Connack {
  cmd: string;
  sessionPresent: boolean;
  properties?: Properties;
}

/** A packet that was sent or received. */
export interface Seen {
  /** connect, connack, publish, puback, ... */
  cmd: string;
  /** Bytes of the whole packet. Absent for a message from the server. */
  length?: number;
}

/** `code`: a Reason Code of MQTT 5, or one of those from 256 on in the README, or an HTTP status. */
export interface MqttError extends Error {
  code: number;
}

/** `error` is undefined on success. */
export type Callback = (error?: MqttError) => void;
export type SubscribeCallback = (error: MqttError | undefined, granted: Granted[]) => void;
export type MessageHandler = (this: MqttClient, topic: string, payload: ByteString, packet: Packet) => void;

export interface MqttClient {
  /** Whether the connection is there and the server has accepted it. */
  connected: boolean;
  /** From the loss of a connection, or a failed attempt, to the next connection. */
  reconnecting: boolean;

  publish(topic: string, payload: Payload, callback?: Callback): this;
  publish(topic: string, payload: Payload, options?: PublishOptions, callback?: Callback): this;

  subscribe(filter: string | string[], callback?: SubscribeCallback): this;
  subscribe(filter: string | string[], options?: SubscribeOptions, callback?: SubscribeCallback): this;
  subscribe(filters: FilterOptions, callback?: SubscribeCallback): this;
  /** `options` has the properties, and the options of filters that have none. */
  subscribe(filters: FilterOptions, options?: SubscribeOptions, callback?: SubscribeCallback): this;

  unsubscribe(filter: string | string[], callback?: Callback): this;
  unsubscribe(filter: string | string[], options?: UnsubscribeOptions, callback?: Callback): this;

  /**
   * Ends the client for good: waits at most 10 s for acknowledgements, then sends DISCONNECT. `force`: at once and
   * without DISCONNECT, so that the server publishes the will.
   */
  end(callback?: () => void): this;
  end(force: boolean, callback?: () => void): this;
  end(force?: boolean, options?: EndOptions, callback?: () => void): this;

  /** Connects again after {@link end}. While the client waits for its next attempt, connects at once. */
  reconnect(): this;

  on(event: "connect", listener: (this: MqttClient, packet: Connack) => void): this;
  on(event: "message", listener: MessageHandler): this;
  on(event: "close" | "offline" | "reconnect" | "end", listener: (this: MqttClient) => void): this;
  /** All that was written has left the board after a message had to wait: there is room for the next ones. */
  on(event: "drain", listener: (this: MqttClient) => void): this;
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

/** What a client has besides, if it comes from {@link connectAsync} or has the option `extras`. */
export interface Extras {
  /** The options that it was made with, and the defaults of the others. */
  options: ConnectOptions;
  /** As `on`, for the first event or message only. */
  once: MqttClient["on"];
  /** The Packet Identifier that was given last, 0 before the first. */
  getLastMessageId(): number;
  /** Resolve where the callback is called without an error; reject with its error, and with a mistake in the arguments. */
  publishAsync(topic: string, payload: Payload, options?: PublishOptions): Promise<void>;
  subscribeAsync(filter: string | string[] | FilterOptions, options?: SubscribeOptions): Promise<Granted[]>;
  unsubscribeAsync(filter: string | string[], options?: UnsubscribeOptions): Promise<void>;
  endAsync(force?: boolean, options?: EndOptions): Promise<void>;
  /**
   * Publishes a request at QoS 1 and resolves with the payload of its response; in the builds `v5` only. Rejects without a
   * response in time (code 0x110), and while eight requests wait (code 0x97).
   */
  request(topic: string, payload: Payload, options?: RequestOptions): Promise<ByteString>;
  /**
   * Answers a message that asks for a response, at QoS 1; in the builds `v5` only. Throws if it asks for none. Its sender
   * chose the topic, `packet.properties.responseTopic`: look at it first.
   */
  respond(packet: Packet, payload: Payload): this;
  /** Authenticates again, by the option `auth`; in the builds `v5` only. Throws without a connection. */
  reauthenticate(): this;
}

/**
 * Connects, and resolves with a client that has its {@link Extras}. Rejects with the first error; that client has ended.
 */
export function connectAsync(url: string, options?: ConnectOptions): Promise<MqttClient & Extras>;

/**
 * Parses JSON in UTF-8; undefined if the text is not JSON. The engine's own JSON.parse makes one byte of `"\u20ac"`.
 */
export function fromJson(json: ByteString): unknown;
