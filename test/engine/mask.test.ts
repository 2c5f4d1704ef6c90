// Masking on a real engine is byte-exact: the board's function works in place on a view of a string, which no
// other JavaScript engine has.
import { test } from "node:test";
import { programIn } from "../../board/virtual/program.ts";
import { buildFile } from "../../build/own.ts";
import { Engine, noEngine } from "./engine.ts";

/** Masks payloads of every length up to 300 and some larger ones behind headers of every length, as strings in links and
 * in one piece that begin at any byte of another one, and counts the bytes that came out wrong. */
const PROGRAM = `
import { hold } from "../board/esp32/line.ts";
import { writeFrame } from "../board/esp32/mask.ts";
var written = "";
// It goes to its one caller (build/inline.ts).
function write(head, payload, key, n) {
  return writeFrame(head, payload, key, n, head.length - 4);
}
hold(undefined, { write: function (bytes) { written = bytes; } });
var wrong = 0, checked = 0;
[1, -1, 0x12345678, -0x789abcdf, -0x80000000].forEach(function (key, turn) {
  for (var n = 0; n < 1100; n += n < 300 ? 1 : 257) {
    var payload = "____".substr(0, n & 3);
    for (var i = 0; i < n; i++) payload += String.fromCharCode((i * 37) & 255);
    payload = payload.substr(n & 3);
    if ((n ^ turn) & 4) payload = E.toString(payload, "");
    var head = (n < 126 ? "hh" : n & 1 ? "head" : "ten bytes.") + "\\0\\0\\0\\0", at = head.length;
    var before = payload.substr(0);
    write(head, payload, key, n);
    var frame = written;
    if (frame.length !== at + n || payload !== before || frame.substr(0, at - 4) !== head.substr(0, at - 4)) wrong++;
    for (i = -4; i < n; i++, checked++)
      if (frame.charCodeAt(at + i) !== ((i < 0 ? 0 : (i * 37) & 255) ^ ((key >> ((i & 3) * 8)) & 255))) wrong++;
  }
});
print("checked", checked, "wrong", wrong);
`;

test("a payload of any length is masked byte by byte", { skip: noEngine }, async (t) => {
  const built = await buildFile("entry/mask.ts", {}, PROGRAM);
  const program = programIn(built);
  const engine = new Engine(program);
  t.after(() => engine.off());
  engine.boot();
  await engine.line(/^checked \d+ wrong 0$/);
});
