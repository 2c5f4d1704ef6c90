// The command line of updates: one sentence for each mistake, exit code 2, no secret repeated.
import assert from "node:assert/strict";
import { test } from "node:test";
import { OUTCOMES } from "../../tools/failures.ts";
import { readCommand, UPDATE_USAGE } from "../../tools/update/options.ts";
import { failure, update } from "./rig.ts";

const URL = ["--url", "ws://user:secret@host/mqtt"];

const MISTAKES: [args: string[], sentence: RegExp][] = [
  [[], /^a command is missing: key, publish, status, take-back: see --help\.$/],
  [["send"], /^no command send: choose key, /],
  [["toString"], /^no command toString/],
  [["publish"], /^the broker is missing: name it with --url or UPDATE_URL/],
  [["status", "--url", "http://user:secret@host"], /^--url: expected ws:\/\//],
  [["status", "--url", "mqtt://"], /^--url: expected ws:\/\//],
  [["take-back", "--url", "ws://user:secret@:1"], /^--url: expected ws:\/\//],
  [["status", ...URL, "more"], /more/],
  [["status", ...URL, "--share", "5"], /--share/],
  [["key", "--channel", "a/b"], /^--channel: expected 1\.\.32 letters, digits and -, got "a\/b"/],
  [["key", "--channel", ""], /^--channel: expected/],
  [["key", "--channel", "x".repeat(33)], /^--channel: expected/],
  [["key", "--channel", "status"], /^--channel: status is a topic of the boards themselves/],
  [["key", "--channel", "update"], /^--channel: update is a topic/],
  [["status", ...URL, "--base", "a/+"], /^--base: expected a topic, without \+ and #/],
  [["status", ...URL, "--base", ""], /^--base: expected a topic/],
  [["publish", ...URL, "--share", "0"], /^--share: expected 1 to 100, got "0"/],
  [["publish", ...URL, "--share", "101"], /^--share: expected 1 to 100/],
  [["publish", ...URL, "--counter", "0"], /^--counter: expected 1 to 2147483647/],
  [["publish", ...URL, "--counter", "2147483648"], /^--counter: expected 1 to 2147483647/],
  [["publish", ...URL, "--counter", "1e3"], /^--counter: expected/],
  [["publish", ...URL, "--oldest", "2.25"], /^--oldest: expected a version of Espruino such as 2v25/],
  [["publish", ...URL, "--newest", "new"], /^--newest: expected a version/],
  [["publish", ...URL, "--oldest", "2v30", "--newest", "2v29"], /^--oldest 2v30 is newer than --newest 2v29/],
  [["publish", ...URL, "--new-key"], /^--new-key needs --counter/],
  [["publish", ...URL, "--profile", "huge"], /^--profile: expected full, tiny or v5/],
];

for (const [args, sentence] of MISTAKES)
  test(`${args.join(" ").slice(0, 80)}: one sentence, exit code 2`, () => {
    assert.throws(() => readCommand(args, {}), failure("usage", sentence));
  });

test("the URL: the option before the variable", () => {
  const env = { UPDATE_URL: "mqtt://variable" };
  const urlOf = (args: string[]) => {
    const command = readCommand(args, env);
    return command.name === "status" && command.options.url;
  };
  assert.equal(urlOf(["status"]), "mqtt://variable");
  assert.equal(urlOf(["status", "--url", "wss://option"]), "wss://option");
});

test("a share with its sign: the number", () => {
  const command = readCommand(["publish", ...URL, "--share", "5 %"], {});
  assert.equal(command.name === "publish" && command.options.share, "5");
});

test("--help behind any command has every option and every exit code; a mistake has its exit code", async (t) => {
  const { code, out } = await update(t, ["publish", "--help"]).ended;
  assert.equal(code, 0);
  assert.equal(out, UPDATE_USAGE);
  for (const { code, meaning } of OUTCOMES) assert.ok(out.includes(`${code}  ${meaning}`), meaning);
  const wrong = await update(t, ["publish"], { UPDATE_URL: "" }).ended;
  assert.equal(wrong.code, 2);
  assert.equal(wrong.err.trim().split("\n").length, 1, wrong.err);
});
