// The thread that owns the TCP sockets of all virtual boards, so that a board can block while it connects, as the chip
// does. It has TCP, and TLS as Espruino uses mbedtls. It is plain JavaScript because a thread starts without the loader
// for TypeScript.
import dgram from "node:dgram";
import dns from "node:dns";
import net from "node:net";
import tls from "node:tls";
import { parentPort } from "node:worker_threads";

/** Bytes that wait for the board above which the peer has to wait. */
const WINDOW = 16384;

/** The server name (SNI) that the engine sends to every server. */
const NAME = "mbed TLS Server 1";

/** Links by number: the socket and the bytes that the board has not fetched yet. */
const links = new Map();

/** Listeners by number: a TCP server or a UDP socket. */
const listeners = new Map();

const orders = { connect, send, fetched, close, turn, listen, bind, answer, deafen };

parentPort.on("message", (order) => orders[order.do](order));

/** Connects and reports through `answer`, a shared Int32Array: [1 = done, 0 | "dns" -1 | "tcp" -2, errno]. */
function connect({ id, host, port, tls, timeoutMs, answer }) {
  const reply = (result, errno) => {
    answer[1] = result;
    answer[2] = errno;
    Atomics.store(answer, 0, 1);
    Atomics.notify(answer, 0);
  };
  dns.lookup(host, { family: 4 }, (error, address) => {
    if (error) reply(-1, 0);
    else open(id, { address, port, tls }, timeoutMs, reply);
  });
}

function open(id, { address, port, tls }, timeoutMs, reply) {
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
    if (tls) shakeHands(id, link, tls);
    else watch(id, link);
    reply(0, 0);
  });
}

/** Begins TLS as the engine does: at most 1.2, the server not verified, a constant name. Reports how it ended. */
function shakeHands(id, link, { key, cert }) {
  const plain = link.socket;
  let failed = (error) => {
    failed = () => {};
    parentPort.postMessage({ id, failed: mbedtlsOf(error), over: true });
    plain.destroy();
  };
  const options = {
    socket: plain,
    rejectUnauthorized: false,
    servername: NAME,
    maxVersion: "TLSv1.2",
    ...pem(key, cert),
  };
  let secure;
  try {
    secure = tls.connect(options);
  } catch (error) {
    return failed(error);
  }
  plain.on("error", () => {});
  secure.on("error", (error) => failed(error));
  secure.on("close", () => failed({ code: "ECONNRESET" }));
  secure.once("secureConnect", () => {
    failed = () => {};
    link.socket = secure;
    watch(id, link);
    parentPort.postMessage({ id, secured: true });
  });
}

function pem(key, cert) {
  const lines = (der, what) =>
    `-----BEGIN ${what}-----\n${Buffer.from(der, "latin1").toString("base64")}\n-----END ${what}-----\n`;
  return key && { key: lines(key, "RSA PRIVATE KEY"), cert: lines(cert, "CERTIFICATE") };
}

/** The error number of mbedtls: for an alert, for bytes that are not TLS, for the end of the connection. */
function mbedtlsOf({ code = "" }) {
  if (/ALERT|UNSUPPORTED_PROTOCOL/.test(code)) return 0x7780;
  return /^ERR_SSL/.test(code) ? 0x7200 : 0x1;
}

/** The error numbers of lwIP. */
function errnoOf(code) {
  if (code === "ECONNREFUSED" || code === "ECONNRESET") return 104;
  if (code === "EHOSTUNREACH" || code === "ENETUNREACH") return 118;
  return 113;
}

function watch(id, link) {
  const { socket } = link;
  // The engine's recv returns the same for an orderly close and for a reset.
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

/** Listens for TCP on a free port of this machine, and reports the port. */
function listen({ id }) {
  let count = 0;
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const accepted = `${id}.${++count}`;
    const link = { socket, unfetched: 0 };
    links.set(accepted, link);
    parentPort.postMessage({ id, accepted });
    watch(accepted, link);
  });
  listeners.set(id, server);
  server.listen(0, "127.0.0.1", () => parentPort.postMessage({ id, port: server.address().port }));
}

/** The same for UDP. */
function bind({ id }) {
  const socket = dgram.createSocket("udp4");
  listeners.set(id, socket);
  socket.on("message", (data, { address, port }) =>
    parentPort.postMessage({ id, data, from: { address, port } }),
  );
  socket.bind(0, "127.0.0.1", () => parentPort.postMessage({ id, port: socket.address().port }));
}

function answer({ id, data, to }) {
  listeners.get(id)?.send(data, to.port, to.address);
}

function deafen({ id }) {
  listeners.get(id)?.close();
  listeners.delete(id);
}

/** Answers when everything that the network has for the boards has been read. */
function turn({ id }) {
  // Between two of these the event loop reads its sockets.
  setImmediate(() => setImmediate(() => parentPort.postMessage({ id, turned: true })));
}

function close({ id }) {
  links.get(id)?.socket.destroySoon();
}
