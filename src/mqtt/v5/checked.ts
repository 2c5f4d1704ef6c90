// Checks the properties that an application gives. A mistake throws, before anything is sent.

import type { Bytes } from "../../board";
import { must } from "../bytes";
import { SUCCESS } from "../spec";
import { encodeProperties, type Properties, readProperties, ruleOf, type Values } from "./properties";

/**
 * Bytes of properties for a packet of this type. Throws on a bad value, and on a property that is not allowed there. No
 * property of two bytes comes from an application, so their range is not checked.
 */
export function checked(list: Properties, packet: number): Bytes {
  const values = list as Values;
  for (const id in values) {
    const size = parseInt(ruleOf(parseInt(id, 10)).charAt(0), 10);
    const value = values[id] as number;
    must(!size || (value >= 0 && value < 4294967296 && value % 1 === 0), "bad value of property " + id);
  }
  const bytes = encodeProperties(list);
  const reader = { bytes, at: 0, reason: SUCCESS };
  readProperties(reader, packet);
  must(!reader.reason, "bad properties");
  return bytes;
}
