// dist/mqtt-ws.d.ts for programs in TypeScript: correct programs compile, wrong ones do not.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import ts from "typescript";

/** Each line with a `//!` must have an error, and no other. */
const PROGRAM = `
import { connect, connectAsync, fromJson, type MqttClient } from "./mqtt-ws";
const client: MqttClient = connect("ws://host", { clientId: "a", clean: false, will: { topic: "t", payload: { a: 1 } } });
client.publish("a", "b").publish("a", new Uint8Array(3), { qos: 1, policy: "latest" }, (error) => error && error.code.toFixed());
client.publish("a", 21.5, (error) => error);
client.subscribe("a").subscribe(["a", "b"], { qos: 1 }, (error, granted) => granted[0]!.topic + granted[0]!.qos);
client.subscribe({ a: { qos: 2 }, b: {} }, () => {});
client.unsubscribe("a", { properties: { userProperties: { k: ["v"] } } }, () => {});
client.unsubscribe("a", () => {}).end(true, {}, () => {}).end(() => {}).reconnect();
client.on("connect", (packet) => packet.sessionPresent === true).on("error", (error) => error.code + 1);
client.on("message", (topic, payload, packet) => topic + payload + packet.qos + packet.retain);
client.on("a/+", function (topic) { this.publish(topic, client.connected ? "1" : "0"); });
client.on("packetsend", (packet) => packet.cmd + packet.length);
const value: unknown = fromJson("{}");
client.end(false, { reasonCode: 4, properties: { reasonString: "bye" } }, () => client.reconnecting);
connectAsync("ws://host").then((c) => c.once("connect", () => {}).end() && c.subscribeAsync("a")).then((g) => g[0]!.qos);
connect(5); //!
connect("ws://host", { keepAlive: 5 }); //!
connect("ws://host", { clean: "no" }); //!
client.publish("a"); //!
client.publish("a", "b", { qos: 3 }); //!
client.publish("a", "b", { policy: "never" }); //!
client.subscribe(5); //!
client.subscribe("a", { quality: 1 }); //!
client.subscribe({ a: { properties: {} } }); //!
client.unsubscribe("a", { qos: 1 }); //!
client.end(false, { reason: 4 }); //!
client.publishAsync("a", "b"); //!
client.on("close", (packet: number) => packet); //!
client.connected.foo; //!
`;

test("types: the module's types take what is right and refuse what is wrong", () => {
  const files: Record<string, string> = {
    "/main.ts": PROGRAM,
    "/mqtt-ws.d.ts": readFileSync("dist/mqtt-ws.d.ts", "utf8"),
  };
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2015,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.getSourceFile = (name, target) =>
    files[name] === undefined
      ? getSourceFile.call(host, name, target)
      : ts.createSourceFile(name, files[name], target);
  host.fileExists = (name) => files[name] !== undefined || fileExists.call(host, name);
  host.readFile = (name) => files[name] ?? readFile.call(host, name);
  const program = ts.createProgram(["/main.ts"], options, host);
  const found = ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line : -1;
    return { line, text: ts.flattenDiagnosticMessageText(messageText, "\n") };
  });
  const wrong = PROGRAM.split("\n").flatMap((line, i) => (line.endsWith("//!") ? [i] : []));
  assert.deepEqual(
    [...new Set(found.map(({ line }) => line))].sort((a, b) => a - b),
    wrong,
    JSON.stringify(found),
  );
});
