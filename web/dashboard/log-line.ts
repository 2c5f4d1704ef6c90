// A line of the remote log: errors and warnings of the device, as `<level> <module> <text>` (src/log.ts).

export type Level = "error" | "warning" | "other";

export interface LogLine {
  at: number;
  level: Level;
  text: string;
}

export function parseLine(line: string, at: number): LogLine {
  const found = /^([1-4]) (.*)$/s.exec(line);
  if (!found) return { at, level: "other", text: line };
  const text = found[2]!;
  return { at, level: found[1] === "1" ? "error" : /^\S+ warning:/.test(text) ? "warning" : "other", text };
}
