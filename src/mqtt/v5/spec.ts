// The numbers that MQTT 5 adds, with the names of the standard.

/** Identifiers of properties (2.2.2.2). */
export const PAYLOAD_FORMAT_INDICATOR = 1;
export const MESSAGE_EXPIRY_INTERVAL = 2;
export const CONTENT_TYPE = 3;
export const RESPONSE_TOPIC = 8;
export const CORRELATION_DATA = 9;
export const SUBSCRIPTION_IDENTIFIER = 11;
export const SESSION_EXPIRY_INTERVAL = 17;
export const ASSIGNED_CLIENT_IDENTIFIER = 18;
export const SERVER_KEEP_ALIVE = 19;
export const AUTHENTICATION_METHOD = 21;
export const AUTHENTICATION_DATA = 22;
export const REQUEST_PROBLEM_INFORMATION = 23;
export const WILL_DELAY_INTERVAL = 24;
export const REQUEST_RESPONSE_INFORMATION = 25;
export const RESPONSE_INFORMATION = 26;
export const SERVER_REFERENCE = 28;
export const REASON_STRING = 31;
export const RECEIVE_MAXIMUM = 33;
export const TOPIC_ALIAS_MAXIMUM = 34;
export const TOPIC_ALIAS = 35;
export const MAXIMUM_QOS = 36;
export const RETAIN_AVAILABLE = 37;
export const USER_PROPERTY = 38;
export const MAXIMUM_PACKET_SIZE = 39;
export const WILDCARD_SUBSCRIPTION_AVAILABLE = 40;
export const SUBSCRIPTION_IDENTIFIER_AVAILABLE = 41;
export const SHARED_SUBSCRIPTION_AVAILABLE = 42;

/** Reason Codes (2.4) that only MQTT 5 uses. */
export const DISCONNECT_WITH_WILL = 0x04;
export const CONTINUE_AUTHENTICATION = 0x18;
export const REAUTHENTICATE = 0x19;
export const PACKET_IDENTIFIER_NOT_FOUND = 0x92;
export const TOPIC_ALIAS_INVALID = 0x94;
export const RETAIN_NOT_SUPPORTED = 0x9a;
export const SHARED_SUBSCRIPTIONS_NOT_SUPPORTED = 0x9e;
export const SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED = 0xa1;
export const WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED = 0xa2;

/** Options of a subscription (3.8.3.1). Add them to its `qos`. */
export const NO_LOCAL = 4;
export const RETAIN_AS_PUBLISHED = 8;
/** The server sends retained messages only if the subscription is new. */
export const RETAIN_IF_NEW = 16;
/** The server sends no retained messages. */
export const RETAIN_NEVER = 32;
