// The test kit of espruino-mqtt-ws: your own programs for Espruino in Node's test runner, or any other.
// docs/testing.md shows it.
export type { Answer, Answered } from "./answers.ts";
export { testBroker } from "./broker.ts";
export type { Duration } from "./duration.ts";
export { realEngine } from "./engine.ts";
export { ImpossibleHere, type Skips, skipWhereImpossible } from "./impossible.ts";
export type {
  AirOptions,
  Awaited,
  Board,
  Broker,
  BrokerOptions,
  EngineOptions,
  EventName,
  Message,
  Pin,
  ProgramOptions,
  Radio,
  Reason,
  Release,
  Storage,
  VirtualOptions,
} from "./kit.ts";
export { virtualBoard } from "./virtual.ts";
