// What an owner has to know to set a device up without a cable: the name of its network, and the password.

import type { Choice } from "../firmware.ts";
import type { Json } from "./config.ts";

/** Letters and digits that do not look alike: 32, so each is as likely in a random byte. */
const LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
/** Characters of a password: five bits each. */
const LENGTH = 12;

/** A password for `setup.password`. */
export function newPassword(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(LENGTH));
  return Array.from(bytes, (byte) => LETTERS[byte % LETTERS.length]).join("");
}

/** Whether this bundle can be set up without a cable. */
export function hasSetup({ app, bundle }: Pick<Choice, "bundle"> & Partial<Choice>): boolean {
  return bundle === undefined ? app === "device" : /(^|[\\/])device\b[^\\/]*$/.test(bundle);
}

/** The sentence for the owner. The owner of the cable may know this password. */
export function setupLine(json: Json): string {
  const { password } = (json.setup ?? {}) as Json;
  const { id = "esp32-<serial number>" } = (json.device ?? {}) as Json;
  return typeof password === "string" && password
    ? `setup without a cable: the network is ${id}, its password ${password}`
    : `no setup without a cable when the Wi-Fi is lost: that takes "setup": {"password": "${newPassword()}"} in config.json, or another of 8 characters or more`;
}
