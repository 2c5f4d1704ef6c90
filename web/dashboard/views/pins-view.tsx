// Pins: switches, sliders and buttons for outputs, states of inputs, presses. What a pin is for stands in the device's
// configuration only; before that is read, states are shown and nothing can be switched.

import { useState } from "preact/hooks";
import { shown } from "../../shared/shown.ts";
import { clockOf } from "../age.ts";
import { MAX_SHOWN } from "../limits.ts";
import { isWaiting, order } from "../orders.ts";
import type { Pin } from "../records.ts";
import { words } from "../words.ts";
import type { Shown } from "./shown-device.ts";

const W = words.pins;
const PULSE_MS = 500;
const MAX_PULSE_MS = 600_000;

export function PinsView({ app, device }: Shown) {
  const pins = [...device.pins.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return (
    <section class="card pins" aria-label={W.head}>
      <h3>{W.head}</h3>
      {!pins.length && <p class="quiet">{W.none}</p>}
      <ul>
        {pins.map((pin) => (
          <li key={pin.name}>
            <PinLine app={app} device={device} pin={pin} />
          </li>
        ))}
      </ul>
      {!!pins.length && !device.config && (
        <p class="quiet">
          {W.unknown}{" "}
          <button
            type="button"
            disabled={isWaiting(device, "cmd/config-get")}
            onClick={() => order(app, device, "cmd/config-get")}
          >
            {W.read}
          </button>
        </p>
      )}
      <Presses app={app} device={device} />
    </section>
  );
}

/** What the configuration says of a pin: its use and its unit. */
function rowOf(device: Shown["device"], name: string): { use: string; unit: string } {
  const pins = (device.config?.device as { pins?: Record<string, unknown> } | undefined)?.pins;
  const pin =
    pins && Object.hasOwn(pins, name) ? (pins[name] as { use?: unknown; unit?: unknown } | null) : undefined;
  return { use: shown(pin?.use, MAX_SHOWN), unit: shown(pin?.unit, MAX_SHOWN) };
}

function PinLine({ app, device, pin }: Shown & { pin: Pin }) {
  const { use, unit } = rowOf(device, pin.name);
  const topic = `pin/${pin.name}/set`;
  const waits = isWaiting(device, topic);
  const name = shown(pin.name, MAX_SHOWN);
  const send = (payload: string) => order(app, device, topic, payload);
  const isOn = pin.state !== "off" && pin.state !== "0";
  return (
    <>
      <span class="name">{name}</span>
      {(use === "output" || use === "pwm") && (
        <button
          type="button"
          role="switch"
          class="switch"
          aria-checked={isOn}
          aria-label={W.toggle(name)}
          aria-busy={waits}
          disabled={waits}
          onClick={() => send(isOn ? "off" : "on")}
        />
      )}
      <output class="value">
        {use === "pwm" ? `${shown(pin.state, MAX_SHOWN)} %` : `${shown(pin.state, MAX_SHOWN)} ${unit}`}
      </output>
      {use === "pwm" && <Slider pin={pin} name={name} send={send} waits={waits} />}
      {(use === "output" || use === "pwm") && <Pulse name={name} send={send} waits={waits} />}
    </>
  );
}

interface Sends {
  name: string;
  waits: boolean;
  send(payload: string): void;
}

function Slider({ pin, name, send, waits }: Sends & { pin: Pin }) {
  const [held, setHeld] = useState<string | undefined>();
  return (
    <input
      type="range"
      min={0}
      max={100}
      value={held ?? pin.state}
      aria-label={W.level(name)}
      aria-busy={waits}
      onInput={(event) => setHeld(event.currentTarget.value)}
      onChange={(event) => {
        send(event.currentTarget.value);
        setHeld(undefined);
      }}
    />
  );
}

function Pulse({ name, send, waits }: Sends) {
  const [ms, setMs] = useState(PULSE_MS);
  return (
    <span class="pulse">
      <button type="button" disabled={waits} aria-label={W.pulseOf(name)} onClick={() => send(`pulse ${ms}`)}>
        {W.pulse}
      </button>
      <input
        type="number"
        min={1}
        max={MAX_PULSE_MS}
        value={ms}
        aria-label={`${W.pulseOf(name)}, ${W.pulseMs}`}
        onChange={(event) =>
          setMs(Math.min(MAX_PULSE_MS, Math.max(1, Math.round(Number(event.currentTarget.value)) || 1)))
        }
      />{" "}
      {W.pulseMs}
    </span>
  );
}

function Presses({ app, device }: Shown) {
  const newest = [...device.presses].reverse().slice(0, 5);
  const length = (word: string) =>
    word === "short" ? W.short : word === "long" ? W.long : shown(word, MAX_SHOWN);
  return (
    <>
      <h4>{W.presses}</h4>
      {!newest.length && <p class="quiet">{W.noPress}</p>}
      <div role="log" aria-label={W.presses}>
        <ol class="presses">
          {newest.map((press) => (
            <li key={press}>
              {shown(press.pin, MAX_SHOWN)}: {length(press.length)}{" "}
              <span class="quiet">{clockOf(press.at, app.now())}</span>
            </li>
          ))}
        </ol>
      </div>
    </>
  );
}
