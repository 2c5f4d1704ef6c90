// Names of properties in config.json and their identifiers: what CONNECT says, and what a will says. Data only.

/** `mqtt.properties` */
export const CONNECT_NAMES =
  "sessionExpiry:17 receiveMaximum:33 topicAliasMaximum:34 requestProblem:23 requestResponse:25";
/** `mqtt.will.properties` */
export const WILL_NAMES = "delay:24 expiry:2 contentType:3 responseTopic:8 correlationData:9 text:1";
