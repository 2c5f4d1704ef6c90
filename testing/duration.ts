// Lengths of time as tests write them: { minutes: 10 }.

/** A length of time: the sum of its fields, each 0 or more. */
export interface Duration {
  days?: number;
  hours?: number;
  minutes?: number;
  seconds?: number;
  ms?: number;
}

const UNITS: Record<keyof Duration, number> = {
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1000,
  ms: 1,
};

/** In ms. Throws on a field that does not exist, and on anything but a number from 0 on. */
export function inMs(duration: Duration): number {
  if (typeof duration !== "object" || duration === null) throw wrong(duration);
  return Object.entries(duration).reduce((sum, [unit, value]) => {
    if (!Object.hasOwn(UNITS, unit) || typeof value !== "number" || !(value >= 0)) throw wrong(duration);
    return sum + value * UNITS[unit as keyof Duration];
  }, 0);
}

/** In the largest unit that is whole: 10 min, 1.5 s. */
export function inWords(ms: number): string {
  const names: [number, string][] = [
    [3_600_000, "h"],
    [60_000, "min"],
    [1000, "s"],
  ];
  const unit = names.find(([size]) => ms >= size && ms % size === 0);
  if (unit) return `${ms / unit[0]} ${unit[1]}`;
  return ms >= 1000 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms)} ms`;
}

function wrong(seen: unknown): TypeError {
  const expected = `expected { ${Object.keys(UNITS).join(", ")} } with numbers from 0 on`;
  return new TypeError(`a length of time: ${expected}, got ${JSON.stringify(seen)}`);
}
