// The keys of the demo's device on a terminal: which key belongs to which pin, and what a key does.
import type { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import type { Controls } from "./device-controls.ts";
import type { NamedPin } from "./device-pins.ts";

/** Milliseconds of a press, and of a long one. */
export const PRESS_MS = 150;
export const HOLD_MS = 1200;
export const HELP = "keys: 1-9 press, h 1-9 hold, a-g toggle, + - voltage, q quit";

const CTRL_C = "\x03";
/** Change of a voltage for each + or -, as a share of the highest one. */
const STEP = 0.05;

/** Pins by the kind of their keys. */
interface Keyed {
  inputs: NamedPin[];
  outputs: NamedPin[];
  analog: NamedPin | undefined;
}

function keyed(pins: NamedPin[]): Keyed {
  return {
    inputs: pins.filter(([, it]) => it.use === "input"),
    outputs: pins.filter(([, it]) => it.use === "output" || it.use === "pwm"),
    analog: pins.find(([, it]) => it.use === "analog"),
  };
}

/** The key to show beside a pin; a blank if it has none. */
export function keyOf(pin: NamedPin, pins: NamedPin[]): string {
  const { inputs, outputs, analog } = keyed(pins);
  if (inputs.includes(pin)) return String(inputs.indexOf(pin) + 1);
  if (outputs.includes(pin)) return String.fromCharCode(97 + outputs.indexOf(pin));
  return pin === analog ? "+" : " ";
}

/** Returns what obeys one key after the other. */
export function keyboard(
  board: VirtualBoard,
  pins: NamedPin[],
  { press, put, send, stop }: Controls,
): (key: string) => void {
  const { inputs, outputs, analog } = keyed(pins);
  let hold = false;
  return (key) => {
    const input = inputs[Number(key) - 1];
    const output = key >= "a" && key <= "g" ? outputs[key.charCodeAt(0) - 97] : undefined;
    if (key === "q" || key === CTRL_C) stop();
    else if (key === "h") hold = true;
    else if (input) {
      press(input[0], hold ? HOLD_MS : PRESS_MS);
      hold = false;
    } else if (output) send(`pin/${output[0]}/set`, "toggle");
    else if ((key === "+" || key === "-") && analog) {
      const voltage = board.pins.voltage(analog[1].pin) + (key === "+" ? STEP : -STEP);
      put(analog[0], Math.min(1, Math.max(0, Math.round(voltage * 100) / 100)));
    }
  };
}
