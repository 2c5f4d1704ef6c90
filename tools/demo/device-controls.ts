// The ways in which people act on the demo's board, whether by keys or by lines.
import type { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { EmbeddedBroker } from "./broker.ts";
import { findPin, type NamedPin, pressPin } from "./device-pins.ts";
import type { OtherClient } from "./other-client.ts";

/** Milliseconds of a press, and of a long one. */
export const PRESS_MS = 150;
export const HOLD_MS = 1200;

/** What people can do with the board. */
export interface Controls {
  press(name: string, ms: number): void;
  put(name: string, share: number): void;
  send(topic: string, payload: string): void;
  /** The access point goes away, or comes back. */
  wifi(): void;
  /** The network loses the connection. */
  cut(): void;
  /** The demo's own broker goes away, or comes back. */
  broker(): void;
  print(line: string): void;
  stop(): void;
}

/** A way to show the board. */
export interface View {
  print(line: string): void;
  close(): void;
}

/** The demo that the controls work on. */
interface Demo {
  board: VirtualBoard;
  pins: NamedPin[];
  /** Where messages are sent: the demo's own broker, or a client at another one. */
  other: EmbeddedBroker | OtherClient | undefined;
  /** In front of the device's topics. */
  prefix: string;
  print(line: string): void;
  stop(): void;
}

export function controlsOf({ board, pins, other, prefix, print, stop }: Demo): Controls {
  let away = false;
  return {
    press(name, ms) {
      const it = findPin(pins, name);
      if (it) pressPin(board, it, ms);
      else print(`-- no pin ${name}`);
    },
    put(name, share) {
      const it = findPin(pins, name);
      if (it && share >= 0 && share <= 1) board.pins.put(it.pin, share);
      else print("-- expected: put PIN 0..1");
    },
    send(topic, payload) {
      if (other) void other.publish(prefix + topic, payload, 1);
      else print("-- there is no broker to send to");
    },
    wifi() {
      away = !away;
      if (away) board.wifi.vanish();
      else board.wifi.comeBack();
      print(`-- the access point is ${away ? "gone" : "back"}`);
    },
    cut() {
      board.cut();
      print("-- the network has lost the connection");
    },
    broker() {
      if (!(other instanceof EmbeddedBroker)) return print("-- only the demo's own broker goes away");
      const { on } = other;
      void (on ? other.goAway() : other.comeBack()).then(() =>
        print(`-- the broker is ${on ? "gone" : "back"}`),
      );
    },
    print,
    stop,
  };
}

export const LINES =
  "lines: TOPIC PAYLOAD (a device's topics without its prefix), press PIN, hold PIN, put PIN 0..1, wifi, cut, broker, quit";

/** Obeys a line that was typed: a verb, or a topic and its payload. */
export function obey(line: string, controls: Controls): void {
  const [verb = "", what = "", ...rest] = line.trim().split(" ");
  if (verb === "press") controls.press(what, PRESS_MS);
  else if (verb === "hold") controls.press(what, HOLD_MS);
  else if (verb === "put") controls.put(what, Number(rest[0]));
  else if (verb === "send" && what) controls.send(what, rest.join(" "));
  else if (verb === "wifi" || verb === "cut" || verb === "broker") controls[verb]();
  else if (verb === "quit") controls.stop();
  else if (verb.includes("/")) controls.send(verb, [what, ...rest].join(" "));
  else controls.print(`-- ${LINES}`);
}
