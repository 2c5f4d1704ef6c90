// The code that the tests of the core run against: the sources, or (condition `minified`) dist/subject.js, which the
// firmware's own build steps make of this file, with property names kept.

export { hello } from "../src/app/hello";
export { signed } from "../src/app/signed";
export * from "../src/config/check";
export * from "../src/config/key";
export * from "../src/config/url";
export { boot } from "../src/link/power-on";
export * from "../src/log";
export * from "../src/mqtt/bytes";
export * from "../src/mqtt/client";
export * from "../src/mqtt/delivery";
export * from "../src/mqtt/encode";
export * from "../src/mqtt/outbox";
export * from "../src/mqtt/receive";
export * from "../src/mqtt/request";
export * from "../src/mqtt/session";
export * as spec from "../src/mqtt/spec";
export * from "../src/mqtt/state";
export * from "../src/mqtt/v5/auth";
export * from "../src/mqtt/v5/calls";
export * from "../src/mqtt/v5/disconnect-with";
export { allowed5 } from "../src/mqtt/v5/outgoing";
export * as properties from "../src/mqtt/v5/properties";
export * from "../src/mqtt/v5/publish-with";
export * as spec5 from "../src/mqtt/v5/spec";
export * from "../src/mqtt/v5/subscribe-with";
export * from "../src/mqtt/write";
export { full } from "../src/profile/full";
export { tiny } from "../src/profile/tiny";
export { v5 } from "../src/profile/v5";
export * as sign from "../src/sign/sign";
export * as signer from "../src/sign/signer";
export * as slh from "../src/sign/slh-dsa";
export * as tls from "../src/tls/tls";
export * as frames from "../src/ws/frame";
export * from "../src/ws/handshake";
export * as websocket from "../src/ws/websocket";
