// Points of a curve: as far back as the page is open, in bounded memory.

import { MAX_POINTS } from "./limits.ts";

export interface CurveData {
  /** Seconds since 1970, rising. */
  times: number[];
  values: number[];
}

export function newCurve(): CurveData {
  return { times: [], values: [] };
}

export function addPoint(curve: CurveData, ms: number, value: number): void {
  curve.times.push(ms / 1000);
  curve.values.push(value);
  if (curve.times.length > MAX_POINTS) thin(curve);
}

/** Drops every second point of the older half. */
function thin(curve: CurveData): void {
  const half = curve.times.length / 2;
  const stays = (_: number, i: number) => i >= half || i % 2 === 0;
  curve.times = curve.times.filter(stays);
  curve.values = curve.values.filter(stays);
}

/** Least, greatest and last value; undefined while there is none. */
export function rangeOf({
  values,
}: CurveData): { least: number; greatest: number; last: number } | undefined {
  if (!values.length) return undefined;
  const least = values.reduce((a, b) => Math.min(a, b));
  const greatest = values.reduce((a, b) => Math.max(a, b));
  return { least, greatest, last: values[values.length - 1]! };
}
