// The tables of keys: docs/configuration.md and docs/device.md.

import { annotated } from "./annotated.ts";
import { type KeyRule, keysOfConfig, keysOfPins } from "./key-rules.ts";

/** What a set of builds is called; others are called by their applications. */
const CALLED: Record<string, string> = {
  "hello hello-tiny hello-v5 device device-v5 signed": "all",
  "hello hello-v5 device device-v5 signed": "full, v5",
  "hello-v5 device-v5": "v5",
};

export function configTable(old: string): string {
  return annotated(
    old,
    ["key", "expected", "default", "builds", "meaning"],
    keysOfConfig().map((rule) => [`\`${rule.key}\``, ...factsOf(rule), buildsOf(rule.where)]),
  );
}

export function pinTable(old: string): string {
  return annotated(
    old,
    ["key of a pin", "expected", "default", "`use`", "meaning"],
    keysOfPins().map((rule) => [
      `\`${rule.key}\``,
      ...factsOf(rule),
      rule.where.length === 4 ? "all" : rule.where.join(", "),
    ]),
  );
}

function factsOf({ expected, required, fallback }: KeyRule): string[] {
  const given = fallback === undefined ? "none" : `\`${JSON.stringify(fallback)}\``;
  return [
    expected.replace("ws://[user[:password]@]host[:port][/path]", (url) => `\`${url}\``),
    required ? "required" : given,
  ];
}

function buildsOf(where: string[]): string {
  const apps = [...new Set(where.map((name) => name.split("-")[0]))];
  return CALLED[where.join(" ")] ?? apps.join(", ");
}
