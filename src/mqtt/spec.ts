// The numbers of MQTT 3.1.1, with the names of the standard.

/** MQTT Control Packet types (2.2.1). */
export const CONNECT = 1;
export const CONNACK = 2;
export const PUBLISH = 3;
export const PUBACK = 4;
export const PUBREC = 5;
export const PUBREL = 6;
export const PUBCOMP = 7;
export const SUBSCRIBE = 8;
export const SUBACK = 9;
export const UNSUBSCRIBE = 10;
export const UNSUBACK = 11;
export const PINGREQ = 12;
export const PINGRESP = 13;
export const DISCONNECT = 14;
/** MQTT 5. */
export const AUTH = 15;

// Flags of an entry in the outbox, and of a message. The low four bits are those of a PUBLISH on the wire (3.3.1).
//
//   bit    7          6               5           4             3     2 1   0
//        | unused | WITH_PROPERTIES | RESTORING | REPLACEABLE | DUP | QoS | RETAIN |
export const RETAIN = 1;
/** Both bits of the QoS. */
export const QOS = 6;
/** The upper bit of the QoS: set for QoS 2. */
export const QOS_2 = 4;
export const DUP = 8;
/** The flags of a PUBLISH on the wire. */
export const WIRE_FLAGS = 15;
/** Ours: the policy of the message is LATEST, so a newer one to its topic may replace it. */
export const REPLACEABLE = 16;
/** Ours: a SUBSCRIBE that restores subscriptions which the server has forgotten. */
export const RESTORING = 32;
/** Ours, in flash only: the payload begins with properties (MQTT 5). */
export const WITH_PROPERTIES = 64;
/** Ours: a packet that was sent after it on this connection was answered before it. */
export const OVERTAKEN = 128;

/** Reason Codes of MQTT 5 (2.4). It has a number for every failure, so this client uses them for 3.1.1 too. */
export const SUCCESS = 0x00;
export const UNSPECIFIED_ERROR = 0x80;
export const MALFORMED_PACKET = 0x81;
export const PROTOCOL_ERROR = 0x82;
export const UNSUPPORTED_PROTOCOL_VERSION = 0x84;
export const CLIENT_IDENTIFIER_NOT_VALID = 0x85;
export const BAD_USER_NAME_OR_PASSWORD = 0x86;
export const NOT_AUTHORIZED = 0x87;
export const SERVER_UNAVAILABLE = 0x88;
export const KEEP_ALIVE_TIMEOUT = 0x8d;
export const RECEIVE_MAXIMUM_EXCEEDED = 0x93;
export const PACKET_TOO_LARGE = 0x95;
export const QUOTA_EXCEEDED = 0x97;
export const QOS_NOT_SUPPORTED = 0x9b;
/** Ours, outside the standard's range: CONNECT was not answered in time. */
export const NO_CONNACK = 0x100;
/** Ours: the message waited, and a newer message to the same topic has replaced it. */
export const REPLACED = 0x101;
/** Ours: a message that may be dropped could not be sent at once. */
export const DROPPED = 0x102;
/** Ours: the server speaks WebSocket, but not MQTT over it (RFC 6455 4.1, MQTT 6). */
export const WRONG_SUBPROTOCOL = 0x103;
/** Ours: the engine has run out of memory or has removed a handler (engine 30). */
export const ENGINE_FAULT = 0x104;
/** Ours: the message's Message Expiry Interval has passed before it could be sent (MQTT 5). */
export const EXPIRED = 0x105;
/** Ours: a packet that waits for its answer did not get it in time. */
export const NO_ANSWER = 0x106;
/** Ours: the server has ended the connection each time it got this packet. */
export const ENDS_CONNECTION = 0x107;
/** Ours, no failure: the message waits in the outbox. */
export const QUEUED = 1;

/** Return code of a SUBACK for a filter that was refused (3.9.3). */
export const SUBSCRIPTION_FAILED = 0x80;

/** Largest Remaining Length, in bytes (2.2.3). */
export const MAX_REMAINING_LENGTH = 268435455;
/** Longest text or binary field, in bytes (1.5.3). */
export const MAX_FIELD = 65535;
/** Largest Packet Identifier; the smallest is 1 (2.3.1). */
export const MAX_IDENTIFIER = 65535;
