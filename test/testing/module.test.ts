// The module's methods with promises, `once` and the like, on the virtual board and on a real engine.
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import mqttPacket, { type Packet } from "mqtt-packet";
import { skipWhereImpossible, testBroker } from "../../testing/index.ts";
import { scriptedServer } from "../brokers/scripted-server.ts";
import { BOARDS } from "./boards.ts";

const URL = "ws://broker.example:9001/mqtt";

for (const [kind, boardOf, skip] of BOARDS) {
  const running = async (t: TestContext, build: string, code: string, mosquitto = build.startsWith("v5")) => {
    const broker = await testBroker({ mosquitto });
    t.after(() => broker.stop());
    const joined = `require("Wifi").connect("home", {}, function () { ${code} });`;
    const board = await boardOf({ code: joined, modules: { "mqtt-ws": build } });
    t.after(() => board.off());
    return { board, broker };
  };
  const module = (name: string, body: (t: TestContext) => Promise<void>) =>
    test(`module, ${kind}: ${name}`, { skip }, (t) => skipWhereImpossible(t, () => body(t)));

  module("letters beyond ASCII, in a program and in JSON, are bytes of UTF-8", async (t) => {
    const { board, broker } = await running(
      t,
      "lean",
      `var c = require("mqtt-ws").connect("${URL}"), words = JSON.parse('["gr\u00fc\u00dfe","\u20ac"]');
      c.on("connect", function () {
        print("lengths " + "caf\u00e9".length + " " + words[0].length + " " + words[1].length);
        c.publish("out", "caf\u00e9", { qos: 1 });
        c.publish("out", words[0] + words[1], { qos: 1 }, function () { print("over"); });
      });`,
    );
    await board.until(/^over/);
    assert.ok(board.lines.includes("lengths 5 7 3"), board.lines.join("\n"));
    assert.deepEqual(
      broker.inbox("out").map(({ payload }) => payload),
      ["caf\u00e9", "gr\u00fc\u00dfe\u20ac"],
    );
  });

  module("calls with promises resolve with the broker's answers, and end", async (t) => {
    const { board, broker } = await running(
      t,
      "lean",
      `require("mqtt-ws").connectAsync("${URL}", { clientId: "p" }).then(function (c) {
        print("connected " + c.connected + " " + c.reconnecting);
        print("options " + c.options.clientId + " " + c.options.keepalive + " " + c.options.clean);
        print("id " + c.getLastMessageId());
        return c.subscribeAsync("in", { qos: 1 }).then(function (granted) {
          print("granted " + granted[0].topic + " " + granted[0].qos);
          return c.publishAsync("out", "one", { qos: 1 });
        }).then(function () {
          print("published " + c.getLastMessageId());
          return c.unsubscribeAsync("in");
        }).then(function () {
          return c.publishAsync("out/#", "no");
        }).catch(function (error) {
          print("caught " + error.message);
          return c.endAsync();
        }).then(function () { print("over " + c.connected); });
      });`,
    );
    await board.until(/^over/);
    assert.deepEqual(board.lines.slice(-7), [
      "connected true false",
      "options p 45 true",
      "id 0",
      "granted in 1",
      "published 2",
      "caught MQTT: bad topic name out/#",
      "over false",
    ]);
    assert.equal(broker.inbox("out").length, 1);
  });

  module("connectAsync rejects with the first error, and another client may follow", async (t) => {
    const { board, broker } = await running(
      t,
      "lean",
      `var mqtt = require("mqtt-ws");
      mqtt.connectAsync("${URL}").catch(function (error) {
        print("caught " + error.code);
        return mqtt.connectAsync("${URL}");
      }).then(function (c) { print("second " + c.connected); });
      mqtt.connectAsync("${URL}").catch(function (error) { print(error.message); });`,
    );
    broker.answer("connect", { returnCode: 5 });
    await board.until(/one connection at a time/);
    await board.until("caught 135");
    await board.until("second true");
  });

  module("once hears one event and one message", async (t) => {
    const { board, broker } = await running(
      t,
      "lean",
      `var c = require("mqtt-ws").connect("${URL}", { extras: true });
      c.once("connect", function (packet) { print("once " + packet.cmd); });
      c.once("in/+", function (topic, payload) { print("once " + topic + " " + payload); });
      c.on("message", function (topic, payload) { print(topic + " " + payload); });
      c.subscribe("in/#", function () { print("ready"); });`,
    );
    await board.until("ready");
    await broker.publish("in/a", "1");
    await broker.publish("in/a", "2");
    await board.until("in/a 2");
    assert.deepEqual(
      board.lines.filter((line) => line.startsWith("once")),
      ["once connack", "once in/a 1"],
    );
    broker.cut();
    await board.until("connected");
    await board.until("connected");
    assert.equal(board.lines.filter((line) => line.startsWith("once con")).length, 1);
  });

  module("renew: another URL before each attempt", async (t) => {
    const { board, broker } = await running(
      t,
      "lean",
      `var n = 0, c = require("mqtt-ws").connect("${URL}", { renew: function (next) {
        n++;
        setTimeout(next, 100, undefined, "ws://joe:token" + n + "@broker.example:9001/mqtt?t=" + n);
      } });
      c.on("connect", function () { print("connect " + n); });`,
    );
    await board.until("connect 1");
    broker.cut();
    await board.until("connect 2");
  });

  module("renew fails: the attempt ends with its words, and the next one asks again", async (t) => {
    const { board } = await running(
      t,
      "lean",
      `var n = 0, c = require("mqtt-ws").connect("${URL}", { renew: function (next) {
        if (++n === 1) return next(new Error("no token yet"));
        if (n === 2) return next(undefined, "http://wrong");
        if (n > 3) next();
      } });
      c.on("error", function (error) { print("error " + error.code + " " + error.message); });
      c.on("connect", function () { print("connect " + n); });`,
    );
    await board.until("error 135 no new credentials: no token yet");
    // Wrong credentials wait for five minutes.
    await board.advance({ minutes: 4 });
    await board.until(/no new credentials: must begin with ws:\/\//);
    await board.until(/the application got no new credentials/);
    await board.until("connect 4");
  });

  module("enhanced authentication, and again while connected", async (t) => {
    const data: string[] = [];
    const auth = (reasonCode: number, text: string) =>
      mqttPacket
        .generate(
          {
            cmd: "auth",
            reasonCode,
            properties: { authenticationMethod: "PLUS", authenticationData: Buffer.from(text) },
          } as Packet,
          { protocolVersion: 5 },
        )
        .toString("latin1");
    const { port } = await scriptedServer(
      t,
      (packet) => {
        const properties = (packet as { properties?: { authenticationData?: Buffer } }).properties;
        if (packet.cmd === "connect" || packet.cmd === "auth") data.push(`${properties?.authenticationData}`);
        if (packet.cmd === "connect") return auth(0x18, "+");
        if (packet.cmd !== "auth") return undefined;
        if (data.length > 2) return auth(data.length === 3 ? 0x18 : 0, "*");
        const accepted = { authenticationMethod: "PLUS", authenticationData: Buffer.from("=") };
        return mqttPacket
          .generate(
            { cmd: "connack", reasonCode: 0, returnCode: 0, sessionPresent: false, properties: accepted },
            { protocolVersion: 5 },
          )
          .toString("latin1");
      },
      5,
    );
    const { board } = await running(
      t,
      "v5-lean",
      `require("mqtt-ws").connectAsync("ws://127.0.0.1:${port}/", { protocolVersion: 5, auth: { method: "PLUS",
        next: function (data) { print("next " + data); return "got" + data; } } }).then(function (c) {
        print("connected");
        c.reauthenticate();
      });`,
      false,
    );
    await board.until("next +");
    await board.until("next =");
    await board.until(/^connected$/);
    await board.until("next *");
    await board.until("next *");
    assert.deepEqual(data, ["got", "got+", "got", "got*"]);
  });

  module("request and respond, and a request that nobody answers", async (t) => {
    const { board } = await running(
      t,
      "v5-lean",
      `require("mqtt-ws").connectAsync("${URL}", { protocolVersion: 5 }).then(function (c) {
        c.on("add", function (topic, payload, packet) { c.respond(packet, { sum: payload.length }); });
        c.on("plain", function (topic, payload, packet) {
          try { c.respond(packet, ""); } catch (e) { print(e.message); }
        });
        return c.subscribeAsync(["add", "plain"], { qos: 1 }).then(function () {
          c.publish("plain", "x", { qos: 1 });
          return c.request("add", "1234");
        }).then(function (answer) {
          print("answer " + answer);
          return c.request("nobody", "", { timeout: 2000 });
        }).catch(function (error) { print("error " + error.code + " " + error.message); });
      });`,
    );
    await board.until('answer {"sum":4}');
    await board.until("MQTT: respond: this message asks for no response");
    await board.until("error 272 request: no response");
  });

  module("end with a reason: the broker publishes the will", async (t) => {
    const { board, broker } = await running(
      t,
      "v5-lean",
      `var c = require("mqtt-ws").connect("${URL}", { protocolVersion: 5, will: { topic: "will", payload: "left" } });
      c.on("connect", function () {
        try { c.end(false, { reasonCode: 5 }); } catch (e) { print(e.message); }
        c.end(false, { reasonCode: 4, properties: { reasonString: "bye" } }, function () { print("over"); });
      });`,
    );
    await board.until("MQTT: bad reason of a DISCONNECT 5");
    await board.until("over");
    await board.until({ topic: "will", payload: "left" });
    assert.equal(broker.inbox("will").length, 1);
  });
}
