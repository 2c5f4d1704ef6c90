// The configured pins of the demo's device, as people see and press them.
import type { VirtualBoard } from "../../board/virtual/virtual-board.ts";

export interface PinConfig {
  pin: string;
  use: string;
  inverted?: boolean;
}

/** A pin by its name in the configuration. */
export type NamedPin = [name: string, config: PinConfig];

/** The configured pins that the board has. The firmware names the others. */
export function pinsOf(board: VirtualBoard, configured: object): NamedPin[] {
  return Object.entries(configured as Record<string, PinConfig>).filter(([, it]) =>
    board.pins.names.includes(it?.pin),
  );
}

/** Finds a pin by its name in the configuration or on the chip. */
export function findPin(pins: NamedPin[], name: string): PinConfig | undefined {
  return pins.find(([other, it]) => other === name || it.pin === name)?.[1];
}

/** The state of a pin in words. */
export function stateOf(board: VirtualBoard, { pin, use, inverted }: PinConfig): string {
  if (use === "analog") return board.pins.voltage(pin).toFixed(2);
  const { out, hz } = board.pins.output(pin);
  const share = use === "input" ? board.pins.level(pin) : (out ?? 0);
  const active = inverted ? 1 - share : share;
  return use === "pwm" ? `${Math.round(active * 100)} % at ${hz} Hz` : active ? "on" : "off";
}

/** Presses a button, and releases it after `ms`. */
export function pressPin(board: VirtualBoard, { pin, inverted }: PinConfig, ms: number): void {
  board.pins.put(pin, inverted ? 0 : 1);
  setTimeout(() => board.pins.put(pin, inverted ? undefined : 0), ms);
}
