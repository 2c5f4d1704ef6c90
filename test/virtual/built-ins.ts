// Asks for the answer to a call of a built-in function: Node, the virtual board's world, or a real engine. The answer is a
// text that all three write the same way.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import vm from "node:vm";
import { VirtualBoard } from "../../board/virtual/virtual-board.ts";
import { ROOT } from "../../build/root.ts";

/**
 * The answers of an engine, by built-in and by call. `differs` has the engine's answer and that of the standard, which
 * is Node's.
 */
export type Table = Record<
  string,
  { same: Record<string, string>; differs: Record<string, [engine: string, standard: string]> }
>;

export const TABLE_FILE = join(ROOT, "test/virtual/built-ins.json");

export function readTable(): Table {
  return JSON.parse(readFileSync(TABLE_FILE, "utf8"));
}

/** Defines `d(f)`: what a function returns, written with few built-ins. Bytes beyond printable ASCII are \x escapes. */
const DESCRIBE = `function d(f){var v;try{v=f()}catch(e){return "throws"}return w(v)}
function w(v){var s="",i,k;if(v===undefined)return "undefined";if(v===null)return "null";
if(typeof v==="number")return v===0&&1/v<0?"-0":v.toString();if(typeof v==="boolean")return v?"true":"false";
if(typeof v==="function")return "function";
if(typeof v==="string"){for(i=0;i<v.length;i++){k=v.charCodeAt(i);
s+=k>31&&k<127&&k!==34&&k!==92?v.charAt(i):"\\\\x"+"0123456789abcdef".charAt(k>>4)+"0123456789abcdef".charAt(k&15)}
return '"'+s+'"'}
if(Array.isArray(v)){for(i=0;i<v.length;i++)s+=(i?",":"")+w(v[i]);return "["+s+"]"}
for(k in v)s+=(s?",":"")+k+":"+w(v[k]);return "{"+s+"}"}
`;

/** The standard's answers to these calls. */
export function askNode(calls: readonly string[]): string[] {
  const context = vm.createContext({});
  vm.runInContext(DESCRIBE, context);
  return calls.map((call) => vm.runInContext(`d(function(){return ${call}})`, context) as string);
}

/** The virtual board's. */
export function askVirtualBoard(calls: readonly string[]): string[] {
  const board = new VirtualBoard({
    code: `${DESCRIBE}var answers=[];${calls.map((call) => `answers.push(d(function(){return ${call}}));`).join("\n")}`,
  });
  try {
    board.boot();
    return [...(board.global.answers as string[])];
  } finally {
    board.off();
  }
}

/** Calls in one run of a real engine: a chip's memory has room for so many. */
const AT_ONCE = 100;

/** A real engine's. */
export async function askEngine(engine: string, calls: readonly string[]): Promise<string[]> {
  const answers: string[] = [];
  for (let at = 0; at < calls.length; at += AT_ONCE) {
    const some = calls.slice(at, at + AT_ONCE);
    const lines = await run(
      engine,
      DESCRIBE + some.map((call) => `print("= "+d(function(){return ${call}}))`).join("\n"),
    );
    if (lines.length !== some.length)
      throw new Error(`${engine} gave ${lines.length} answers to ${some.length} calls: ${lines.join("\n")}`);
    answers.push(...lines);
  }
  return answers;
}

/** Runs a script on an engine; returns the texts behind "= ". */
export async function run(engine: string, code: string): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "engine-"));
  try {
    const file = join(folder, "script.js");
    writeFileSync(file, `echo(0);\n${code}\nsetTimeout(quit,100);\n`, "latin1");
    // Its standard input stays open: at the end of file it reads garbage.
    const child = spawn(engine, [file], { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
    let output = "";
    child.stdout.setEncoding("latin1").on("data", (text) => {
      output += text;
    });
    await new Promise((done) => child.on("close", done));
    return marked(output.split("\n"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function marked(lines: string[]): string[] {
  return lines.flatMap((line) => /(?:^|[^ -~])= (.*?)\r?$/.exec(line)?.[1] ?? []);
}
