// A WebSocket with all that its owner calls, for the tests (./subject.ts).

export * from "../src/ws/ending";
export * from "../src/ws/opening";
export * from "../src/ws/outgoing";
export * from "../src/ws/state";
export * from "../src/ws/websocket";
