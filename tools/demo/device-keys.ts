// The keys of the demo's board on a terminal: which key belongs to which pin, what a key does, and lines that are typed.
import type { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { type Controls, HOLD_MS, LINES, obey, PRESS_MS } from "./device-controls.ts";
import type { NamedPin } from "./device-pins.ts";

/** Fits a terminal of 80 columns. */
export const HELP = "q quit, : send, w Wi-Fi, x cut, o broker, 1-9 press, h 1-9 hold, a-g toggle, +-";

const CTRL_C = "\x03";
const ESCAPE = "\x1b";
/** The keys that erase a character. */
const ERASE = ["\x7f", "\b"];
/** Longest line that is typed. */
const MAX_TYPED = 1024;
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

/** The keys of a terminal. */
export class Keyboard {
  /** The line that is being typed; undefined while keys are keys. */
  line: string | undefined;
  private hold = false;
  private readonly keyed: Keyed;

  constructor(
    private readonly board: VirtualBoard,
    pins: NamedPin[],
    private readonly controls: Controls,
  ) {
    this.keyed = keyed(pins);
  }

  /** Takes what the terminal sends, one or more keys. */
  take(text: string): void {
    // A key like an arrow is a sequence that begins with Escape: it does nothing.
    if (text.startsWith(ESCAPE) && text.length > 1) return;
    for (const key of text) {
      if (key === CTRL_C) this.controls.stop();
      else if (this.line !== undefined) this.type(key);
      else this.press(key);
    }
  }

  private type(key: string): void {
    const line = this.line ?? "";
    if (key === "\r" || key === "\n") {
      this.line = undefined;
      if (line.trim()) obey(line, this.controls);
    } else if (key === ESCAPE) this.line = undefined;
    else if (ERASE.includes(key)) this.line = [...line].slice(0, -1).join("");
    else if (key >= " " && line.length < MAX_TYPED) this.line = line + key;
  }

  private press(key: string): void {
    const { controls, keyed } = this;
    const input = keyed.inputs[Number(key) - 1];
    const output = key >= "a" && key <= "g" ? keyed.outputs[key.charCodeAt(0) - 97] : undefined;
    if (key === "q") controls.stop();
    else if (key === ":") this.line = "";
    else if (key === "w") controls.wifi();
    else if (key === "x") controls.cut();
    else if (key === "o") controls.broker();
    else if (key === "h") this.hold = true;
    else if (key === "?") controls.print(`-- ${LINES}`);
    else if (input) {
      controls.press(input[0], this.hold ? HOLD_MS : PRESS_MS);
      this.hold = false;
    } else if (output) controls.send(`pin/${output[0]}/set`, "toggle");
    else if (key === "+" || key === "-") this.turn(key === "+" ? STEP : -STEP);
  }

  private turn(step: number): void {
    const { analog } = this.keyed;
    if (!analog) return;
    const voltage = this.board.pins.voltage(analog[1].pin) + step;
    this.controls.put(analog[0], Math.min(1, Math.max(0, Math.round(voltage * 100) / 100)));
  }
}
