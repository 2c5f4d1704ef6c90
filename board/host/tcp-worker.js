// The thread that owns the TCP sockets of all virtual boards, so that a board can stand still while it connects, as
// the chip does. Knows TCP only. Plain JavaScript, because a thread starts without the loader that reads TypeScript.
import dns from "node:dns";
import net from "node:net";
import { parentPort } from "node:worker_threads";

/** Bytes delivered and not yet fetched by the board, above which the peer is made to wait. */
const WINDOW = 16384;

/** Links by number: the socket and the bytes that the board has not fetched yet. */
const links = new Map();

const orders = { connect, send, fetched, close };

parentPort.on("message", (order) => orders[order.do](order));

/** Connects and reports through `answer`, a shared Int32Array: [1 = done, 0 | "dns" -1 | "tcp" -2, errno]. */
function connect({ id, host, port, timeoutMs, answer }) {
  const reply = (result, errno) => {
    answer[1] = result;
    answer[2] = errno;
    Atomics.store(answer, 0, 1);
    Atomics.notify(answer, 0);
  };
  dns.lookup(host, { family: 4 }, (error, address) => {
    if (error) reply(-1, 0);
    else open(id, address, port, timeoutMs, reply);
  });
}

function open(id, address, port, timeoutMs, reply) {
  const socket = net.connect({ host: address, port, allowHalfOpen: true, noDelay: true });
  const link = { socket, unfetched: 0 };
  const slow = setTimeout(() => socket.destroy(Object.assign(new Error(), { code: "ETIMEDOUT" })), timeoutMs);
  const refused = (error) => {
    clearTimeout(slow);
    reply(-2, errnoOf(error.code));
  };
  socket.once("error", refused);
  socket.once("connect", () => {
    clearTimeout(slow);
    socket.off("error", refused);
    links.set(id, link);
    watch(id, link);
    reply(0, 0);
  });
}

/** The chip's (lwIP's) numbers for what happened. */
function errnoOf(code) {
  if (code === "ECONNREFUSED" || code === "ECONNRESET") return 104;
  if (code === "EHOSTUNREACH" || code === "ENETUNREACH") return 118;
  return 113;
}

function watch(id, link) {
  const { socket } = link;
  // Whether the peer closed in order or by a reset, the engine's recv returns the same.
  const over = () => parentPort.postMessage({ id, over: true });
  socket.on("data", (data) => {
    link.unfetched += data.length;
    if (link.unfetched > WINDOW) socket.pause();
    parentPort.postMessage({ id, data });
  });
  socket.on("end", over);
  socket.on("error", over);
  socket.on("close", () => {
    over();
    links.delete(id);
  });
}

function send({ id, data }) {
  links.get(id)?.socket.write(data, () => parentPort.postMessage({ id, sent: data.length }));
}

function fetched({ id, length }) {
  const link = links.get(id);
  if (!link) return;
  link.unfetched -= length;
  if (link.unfetched <= WINDOW) link.socket.resume();
}

function close({ id }) {
  links.get(id)?.socket.destroySoon();
}
