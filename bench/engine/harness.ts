// The program that runs on the engine in front of each measured stack, the same for all. It waits for `up` and `got` and
// does one job. It knows no stack. A stack calls up(publish) when it is subscribed to b/in, and got(payload).

/** The job of a run. */
export type Job =
  /** Prints the memory in use after each connect: `memory <all> <without garbage>`. */
  | { kind: "idle" }
  /** Nothing: the program has its own `up` and `got`. */
  | { kind: "none" }
  /** Does what the console asks for, step by step (handler-cost.ts). */
  | { kind: "steps" }
  /** Publishes to itself twice, with only so many variables left free (0: all of them). Prints `echo <peak>`. */
  | { kind: "echo"; size: number; free: number }
  /** Prints how often the socket is written to for `n` messages: `writes <count>`. */
  | { kind: "writes"; n: number; size: number; qos: number };

const JOBS: { [kind in Job["kind"]]: string } = {
  idle: `
function up() {
  setTimeout(function () {
    print("memory", process.memory(false).usage, process.memory().usage);
  }, 1500);
}
function got() {}`,
  none: "",
  steps: `
var publishes, text, qos, many, came = 0;
function none() { nothing("b/out", text, qos); }
function nothing() {}
function send() { publishes("b/out", text, qos); }
function sendMany() { for (var i = 0; i < many; i++) publishes("b/out", text, qos); }
function prepare(size, q, atOnce) {
  text = "";
  while (text.length < size) text += "abcdefghijklmnop"[text.length & 15];
  qos = q;
  many = atOnce;
}
function up(publish) { publishes = publish; print("up"); }
function got() { came++; }`,
  echo: `
var text = "", times = 0, publishes, peak = 0;
function look() { peak = Math.max(peak, process.memory(false).usage); }
function send() {
  text = "";
  while (text.length < job.size) text += "abcdefghijklmnop"[text.length & 15];
  publishes("b/in", text, 0);
  text = "";
}
function up(publish) { publishes = publish; setTimeout(send, 100); }
function got(payload) {
  if (!job.free) look();
  if (payload.length === job.size && ++times === 2) print("echo", peak);
  else setTimeout(send, 100);
}
if (!job.free) watchWrites(look);`,
  writes: `
var count = 0, left = job.n, text = "";
while (text.length < job.size) text += "abcdefghijklmnop"[text.length & 15];
watchWrites(function () { count++; });
function turn(publish) {
  if (left-- > 0) {
    publish("b/out", text, job.qos);
    setTimeout(turn, 50, publish);
  } else setTimeout(function () { print("writes", count); }, 300);
}
function up(publish) { setTimeout(function () { count = 0; turn(publish); }, 500); }
function got() {}`,
};

/** Calls back at each write to the socket that is opened next. */
const WATCH = `
function watchWrites(each) {
  var net = require("net"), connect = net.connect;
  net.connect = function (options, connected) {
    var socket = connect(options, connected), write = socket.write;
    socket.write = function (bytes) { each(); return write.call(this, bytes); };
    return socket;
  };
}`;

/** Leaves so many variables free. All others are one block, so that the free ones are not fragmented. */
const FILL = `
var memory = process.memory();
var fill = new Uint8Array((memory.free - job.free) * memory.blocksize);
print("total", memory.total - memory.free + process.memory().free);`;

/** The harness as a program in front of the stack's. */
export function harness(job: Job): string {
  const watch = job.kind === "echo" || job.kind === "writes" ? WATCH : "";
  const fill = job.kind === "echo" && job.free ? FILL : "";
  return `var job = ${JSON.stringify(job)};${watch}${JOBS[job.kind]}${fill}\n`;
}
