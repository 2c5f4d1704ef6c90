// A change of a configuration: what the form holds beside what the device said, and the message that makes one of the other
// (RFC 7396). Secrets are stars; stars that stay mean "unchanged".

import type { Fields } from "../shared/shown.ts";

/** A value of the form by its path, `device.telemetryS`; undefined: to be removed. */
export type Draft = Map<string, unknown>;

/** A leaf: anything but an object with names in it. */
export interface Leaf {
  path: string;
  value: unknown;
}

export function leavesOf(tree: unknown, path = ""): Leaf[] {
  if (typeof tree !== "object" || tree === null || Array.isArray(tree)) return [{ path, value: tree }];
  const names = Object.keys(tree);
  if (!names.length && path) return [{ path, value: tree }];
  return names.flatMap((name) => leavesOf((tree as Fields)[name], path ? `${path}.${name}` : name));
}

/** Whether a path can be one. */
export function isPath(path: string): boolean {
  return /^[^.\s]+(\.[^.\s]+)*$/.test(path);
}

/** The change that the device is asked for; undefined where nothing is changed. */
export function changeOf(config: Fields, draft: Draft): Fields | undefined {
  const old = new Map(leavesOf(config).map(({ path, value }) => [path, JSON.stringify(value)]));
  const change: Fields = Object.create(null);
  let some = false;
  for (const [path, value] of draft) {
    if (value !== undefined && JSON.stringify(value) === old.get(path)) continue;
    put(change, path.split("."), value === undefined ? null : value);
    some = true;
  }
  return some ? change : undefined;
}

function put(tree: Fields, names: string[], value: unknown): void {
  const [name, ...rest] = names as [string, ...string[]];
  if (!rest.length) tree[name] = value;
  else {
    const inner = tree[name];
    if (typeof inner !== "object" || inner === null) tree[name] = Object.create(null);
    put(tree[name] as Fields, rest, value);
  }
}

/** What people type as a value: JSON where it is JSON, else text. Undefined for what begins as JSON and is none. */
export function typedValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return /^\s*[[{"]/.test(text) ? undefined : text;
  }
}
