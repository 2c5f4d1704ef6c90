// The ways in which people act on the demo's device, whether by keys or by lines.
import type { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import type { EmbeddedBroker } from "./broker.ts";
import { findPin, type NamedPin, pressPin } from "./device-pins.ts";

/** What people can do with the device. */
export interface Controls {
  press(name: string, ms: number): void;
  put(name: string, share: number): void;
  send(topic: string, payload: string): void;
  stop(): void;
}

/** A way to show the device. */
export interface View {
  print(line: string): void;
  close(): void;
}

/** The demo that the controls work on. */
interface Demo {
  board: VirtualBoard;
  pins: NamedPin[];
  broker: EmbeddedBroker | undefined;
  /** In front of the device's topics. */
  prefix: string;
  print(line: string): void;
  stop(): void;
}

export function controlsOf({ board, pins, broker, prefix, print, stop }: Demo): Controls {
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
      if (broker) void broker.publish(prefix + topic, payload, 1);
      else print("-- send works with the demo's own broker");
    },
    stop,
  };
}
