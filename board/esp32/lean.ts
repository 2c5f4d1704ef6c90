// The one connection of the board, on plain TCP or TLS: asks for the upgrade itself (RFC 6455 4.1), so that the board needs
// no `ws` module. Leaves nothing behind when it ends: no listener, no timer, no cycle.

import type { Bytes, Connection, Line, Target } from "../../src/board";
import { drained, hold, line, socket, writeBytes } from "./line";
import { forgetTls, lostTls, overTls, secured, securing } from "./tls";
import { inWords } from "./words";

/** The right Sec-WebSocket-Accept, "" once it was seen, undefined where the engine has no SHA-1. */
let accept: Bytes | undefined;

function received(this: EspruinoSocket, bytes: Bytes): void {
  if (this !== socket) return;
  if (securing === 1) secured();
  line!.onBytes(line!, bytes);
}

/** The socket has failed, or ended; also called for the one of an earlier connection. */
function lost(this: EspruinoSocket, error: boolean | { message: string }): void {
  if (this !== socket) return;
  const why = (error as { message: string }).message || "";
  if (securing) lostTls(line!, why);
  else line!.onLost(line!, why);
}

/** See Board.open. */
function open(target: Target, to: Line): void {
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
  hold(to);
  try {
    if (target.tls) overTls(target);
    // The target itself as options: the socket keeps them, and an object of its own would take 6 JsVars.
    hold(
      to,
      (target.tls ? require("tls") : require("net")).connect(target, function (its) {
        its.removeAllListeners("connect");
        if (its === socket) line!.onBytes(line!, "");
      }),
    );
    socket!.on("data", received);
    socket!.on("error", lost);
    socket!.on("close", lost);
    if (target.tls) socket!.on("drain", drained);
    socket!.write(request);
  } catch (error) {
    to.onLost(to, inWords("" + error));
  }
}

/** See Board.accepted. */
function accepted(reply: Bytes): boolean | undefined {
  if (accept === undefined) return undefined;
  // The engine's indexOf also finds a part of it at the very end.
  const right = reply.substr(reply.indexOf(accept), accept.length) === accept;
  if (right) accept = "";
  return right;
}

/** See Board.hangUp. */
function hangUp(now: number): void {
  const old = socket;
  hold();
  forgetTls();
  if (!old) return;
  old.removeAllListeners();
  // A socket whose bytes nobody takes never closes; a built-in function takes them and costs nothing.
  old.on("data", Boolean);
  if (now) old.dSnd = "";
  old.end();
  // Makes the engine collect what a connection leaves (engine 15).
  process.memory();
}

export const lean: Connection = { open, accepted, writeBytes, hangUp };
