// Curves of telemetry and of analogue pins, as far back as the page is open.

import { shown } from "../../shared/shown.ts";
import { MAX_SHOWN } from "../limits.ts";
import { CURVES, type Device } from "../records.ts";
import { words } from "../words.ts";
import { Curve } from "./curve.tsx";

const W = words.curves;

export function CurvesView({ device }: { device: Device }) {
  const pins = [...device.pins.values()].filter(({ curve }) => curve.times.length);
  const names = CURVES.filter((name) => device.curves[name].times.length);
  const units = device.config?.device as { pins?: Record<string, { unit?: unknown }> } | undefined;
  const unitOf = (name: string) =>
    units?.pins && Object.hasOwn(units.pins, name) ? shown(units.pins[name]?.unit, MAX_SHOWN) : "";
  return (
    <section class="card curves" aria-label={W.head}>
      <h3>{W.head}</h3>
      {!pins.length && !names.length && <p class="quiet">{W.empty}</p>}
      {pins.map(({ name, curve }) => (
        <Curve key={`pin ${name}`} name={shown(name, MAX_SHOWN)} unit={unitOf(name)} data={curve} />
      ))}
      {names.map((name) => (
        <Curve key={name} name={W.names[name]} unit={W.units[name]} data={device.curves[name]} />
      ))}
    </section>
  );
}
