// The one connection of the board, on plain TCP or TLS: asks for the upgrade itself (RFC 6455 4.1), so that the board needs
// no `ws` module. Leaves nothing behind when it ends: no listener, no timer, no cycle.

import type { Bytes, Connection, Line } from "../../src/board";
import { overTls, quiet } from "./tls";
import { inWords } from "./words";

let socket: EspruinoSocket | undefined;
let line: Line | undefined;
/** The right Sec-WebSocket-Accept, "" once it was seen, undefined where the engine has no SHA-1. */
let accept: Bytes | undefined;

/** The socket has failed, or ended; also called for the one of an earlier connection. */
function lost(this: EspruinoSocket, error: boolean | { message: string }): void {
  if (this === socket) line!.closed((error as { message: string }).message || "");
}

function drained(this: EspruinoSocket): void {
  if (this.dSnd) return; // the engine says so too early of a TLS connection
  this.removeAllListeners("drain");
  if (this === socket) line!.drained();
}

export const lean: Connection = {
  // In one piece: a function with a name inside of another one leaves a cycle, 10 JsVars and more, at every call.
  open(target, to) {
    let key = "";
    while (key.length < 16) key += String.fromCharCode(Math.random() * 256);
    key = btoa(key);
    accept = undefined;
    try {
      accept = btoa(require("crypto").SHA1(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"));
    } catch (_) {
      // A build without it.
    }
    let request = "GET " + target.path + " HTTP/1.1\r\nHost: " + target.authority;
    for (const name in target.headers) request += "\r\n" + name + ": " + target.headers[name];
    request +=
      "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " +
      key +
      "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";
    line = to;
    try {
      if (target.tls) line = to = overTls(target, to);
      // The target itself as options: the socket keeps them, and an object of its own would take 6 JsVars.
      socket = (target.tls ? require("tls") : require("net")).connect(target, function (its) {
        its.removeAllListeners("connect");
        if (its === socket) to.data("");
      });
      socket.on("data", to.data);
      socket.on("error", lost);
      socket.on("close", lost);
      if (target.tls) socket.on("drain", drained);
      socket.write(request);
    } catch (error) {
      to.closed(inWords("" + error));
    }
  },

  accepted(reply) {
    if (accept === undefined) return undefined;
    // The engine's indexOf also finds a part of it at the very end.
    const right = reply.substr(reply.indexOf(accept), accept.length) === accept;
    if (right) accept = "";
    return right;
  },

  write(bytes) {
    try {
      if (bytes) socket!.write(bytes);
      else {
        socket!.removeAllListeners("drain");
        // Only where it is awaited: otherwise every message would pay for the event.
        socket!.on("drain", drained);
      }
    } catch (_) {
      // Closed a moment ago: the event that says so is on its way.
    }
    return (socket!.dSnd || "").length;
  },

  end(now) {
    const old = socket;
    line = socket = undefined;
    quiet();
    if (!old) return;
    old.removeAllListeners();
    // A socket whose bytes nobody takes never closes; a built-in function takes them and costs nothing.
    old.on("data", Boolean);
    if (now) old.dSnd = "";
    old.end();
    // Collects what a connection has left, see socket.ts.
    process.memory();
  },
};
