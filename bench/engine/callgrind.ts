// Callgrind around an engine: instructions, in sections that end where the engine calls a function of its own.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What was counted before a call. */
export interface Section {
  /** The function of the engine that ended it. */
  trigger: string;
  instructions: number;
}

export class Callgrind {
  private readonly folder = mkdtempSync(join(tmpdir(), "callgrind-"));

  /** @param triggers functions of the engine that each end a section when they are called */
  constructor(private readonly triggers: string[]) {}

  /** The command in front of the engine's. @param more options of callgrind's */
  tool(...more: string[]): string[] {
    return [
      "valgrind",
      "--tool=callgrind",
      `--callgrind-out-file=${join(this.folder, "out")}`,
      ...more,
      ...this.triggers.map((name) => `--dump-before=${name}`),
    ];
  }

  /** All sections in order, once the engine has ended. What came behind the last one is left out. */
  sections(): Section[] {
    return readdirSync(this.folder)
      .map((name) => ({ part: Number(name.split(".")[1]), name }))
      .filter(({ part }) => part > 0)
      .sort((a, b) => a.part - b.part)
      .map(({ name }) => {
        const text = readFileSync(join(this.folder, name), "utf8");
        const trigger = /^desc: Trigger: --dump-before=(\w+)/m.exec(text)?.[1] ?? "";
        return { trigger, instructions: Number(/^totals: (\d+)/m.exec(text)![1]) };
      });
  }

  /** The instructions of each section but the first, which has what was before the first mark. */
  counts(): number[] {
    return this.sections()
      .slice(1)
      .map(({ instructions }) => instructions);
  }

  off(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
