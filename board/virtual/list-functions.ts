// Methods of arrays where Espruino differs from the standard. The differences are in test/virtual/built-ins.json.
import type { Fn, Obj, Realm } from "./realm.ts";

type Compare = (a: unknown, b: unknown) => number;

/** From so many items on the engine looks for a good pivot. */
const MANY = 11;

/** Replaces the methods that differ. */
export function adaptLists(realm: Realm): void {
  const array = realm.global.Array as Obj;
  const prototype = array.prototype as Record<string, Fn>;
  const { indexOf, splice } = prototype as { indexOf: Fn; splice: Fn };
  const has = realm.base.hasOwnProperty as Fn;
  realm.define(array, {
    isArray: (value: unknown) =>
      Array.isArray(value) || Object.prototype.toString.call(value) === "[object Arguments]",
  });
  realm.define(prototype, {
    // A place below 0 is 0, not counted from the end.
    indexOf(this: unknown, item: unknown, from?: number) {
      return Reflect.apply(indexOf, this, [item, Math.max(from ?? 0, 0)] as never[]);
    },
    // What comes behind an argument that is undefined is lost.
    concat(this: unknown, ...lists: unknown[]) {
      const end = lists.indexOf(undefined);
      return realm.array([this, ...(end < 0 ? lists : lists.slice(0, end))].flat());
    },
    splice(this: unknown[], ...args: unknown[]) {
      const [at, count, ...items] = args;
      // A count below 0 makes room.
      const room = typeof count === "number" && count < 0 ? Array(-count).fill(undefined) : [];
      return Reflect.apply(splice, this, (room.length ? [at, 0, ...items, ...room] : args) as never[]);
    },
    sort(this: unknown[], compare?: Compare) {
      const items: unknown[] = [];
      for (let at = 0; at < this.length; at++) if (at in this) items.push(this[at]);
      quicksort(items, 0, items.length, ordered(compare));
      for (let at = 0; at < items.length; at++) this[at] = items[at];
      return this;
    },
  });
  realm.define(realm.base, {
    hasOwnProperty(this: unknown, name: unknown) {
      return !(Array.isArray(this) && name === "length") && Reflect.apply(has, this, [name] as never[]);
    },
  });
}

function ordered(compare: Compare | undefined): Compare {
  return (a, b) => {
    if (a === undefined) return 1;
    if (b === undefined) return -1;
    if (compare) return compare(a, b);
    return String(a) < String(b) ? -1 : Number(String(a) > String(b));
  };
}

/** Not stable: equal items may change places. The first item is the pivot. */
function quicksort(items: unknown[], from: number, count: number, compare: Compare): void {
  if (count < 2) return;
  if (count >= MANY) medianFirst(items, from, count, compare);
  const pivot = items[from];
  let at = from;
  let lowest = true;
  for (let i = from + 1; i < from + count; i++) {
    const item = items[i];
    const order = compare(item, pivot);
    if (order > 0) continue;
    if (order < 0) lowest = false;
    // The item goes before the pivot, and the one behind the pivot to the item's place.
    items[at++] = item;
    items[i] = items[at];
    items[at] = pivot;
  }
  quicksort(items, at + 1, from + count - at - 1, compare);
  if (!lowest) quicksort(items, from, at - from, compare);
}

function medianFirst(items: unknown[], from: number, count: number, compare: Compare): void {
  const [middle, end] = [from + (count >> 1), from + count - 1];
  const [low, mid, high] = [items[from], items[middle], items[end]];
  const lowMid = compare(low, mid);
  const midHigh = compare(mid, high);
  const lowHigh = compare(low, high);
  const swap = (place: number) => {
    items[from] = items[place];
    items[place] = low;
  };
  if ((lowMid <= 0 && midHigh <= 0) || (lowHigh <= 0 && midHigh >= 0)) swap(middle);
  else if ((lowMid >= 0 && lowHigh <= 0) || (midHigh >= 0 && lowHigh >= 0)) swap(end);
}
