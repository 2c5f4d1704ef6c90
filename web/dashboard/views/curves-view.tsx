// Curves of telemetry and of analogue pins, as far back as the page is open.

import { shown } from "../../shared/shown.ts";
import { MAX_SHOWN } from "../limits.ts";
import { CURVES, type Device } from "../records.ts";
import { words } from "../words.ts";
import { Curve } from "./curve.tsx";

const W = words.curves;

/** What the configuration says of a pin. */
interface Row {
  use?: unknown;
  unit?: unknown;
}

export function CurvesView({ device }: { device: Device }) {
  const rows = (device.config?.device as { pins?: Record<string, Row | null> } | undefined)?.pins;
  const rowOf = (name: string) => (rows && Object.hasOwn(rows, name) ? rows[name] : undefined);
  // Before the configuration is read, every number may be one that was measured.
  const pins = [...device.pins.values()].filter(
    ({ name, curve }) => curve.times.length && (rowOf(name)?.use ?? "analog") === "analog",
  );
  const names = CURVES.filter((name) => device.curves[name].times.length);
  const unitOf = (name: string) => shown(rowOf(name)?.unit, MAX_SHOWN);
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
