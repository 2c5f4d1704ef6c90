// The transport with its own upgrade request (RFC 6455 4.1), so that the board needs no `ws` module. When a connection ends,
// no listener, timer or cycle stays.

import type { Bytes, Connection, Line, Target } from "../../src/board";
import { authorityOf } from "./authority";
import { type Held, hold, line, meet, socket, writeBytes } from "./line";
import { writeFrame } from "./mask";
import { beginPsk, endPsk, needPsk, type PskSocket, whyEnded } from "./psk";
import { forgetTls, lostTls, overTls, securing } from "./tls";
import { inWords } from "./words";

/** The expected Sec-WebSocket-Accept; "" after the reply had it, undefined if the engine has no SHA-1. */
let accept: Bytes | undefined;

function received(this: Held, bytes: Bytes): void {
  let to = this.line;
  if (!to) to = meet(this);
  if (!to) return;
  to.onBytes(to, bytes);
}

/** Listener for `error` and `close`. The socket may belong to an earlier connection (engine 39). */
function lost(this: EspruinoSocket, error: boolean | { message: string }): void {
  if (this !== socket) return;
  const why = whyEnded(this, (error as { message: string }).message || "");
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
    // This build has no SHA-1.
  }
  let request = "GET " + target.path + " HTTP/1.1\r\nHost: " + authorityOf(target);
  for (const name in target.headers) request += "\r\n" + name + ": " + target.headers[name];
  request +=
    "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " +
    key +
    "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";
  hold(to);
  try {
    if (target.psk) needPsk(target);
    else if (target.tls) overTls(target);
    // The target is also the options, which the socket keeps (engine 14).
    hold(
      to,
      (target.tls && !target.psk ? require("tls") : require("net")).connect(
        target,
        function (its: PskSocket) {
          its.removeAllListeners("connect");
          if (its !== socket) return;
          line!.onConnected(line!);
          if (!target.psk || its !== socket) return;
          its.parseData = received;
          beginPsk(its, target, function (its) {
            its.write(request);
            line!.onDrained(line!);
          });
        },
      ),
    );
    socket!.on("error", lost);
    socket!.on("close", lost);
    if (target.psk) return;
    socket!.on("data", received);
    if (target.tls) writeBytes("");
    socket!.write(request);
  } catch (error) {
    to.onLost(to, inWords("" + error));
  }
}

/** See Board.accepted. */
function accepted(reply: Bytes): boolean | undefined {
  if (accept === undefined) return undefined;
  // indexOf also finds a beginning of `accept` at the very end, so compare (engine 4).
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
  endPsk(old, now);
  old.removeAllListeners();
  // A socket must be drained to close (engine 39).
  old.on("data", Boolean);
  if (now) old.dSnd = "";
  old.end();
  // Makes the engine collect what a connection leaves (engine 15).
  process.memory();
}

export const lean: Connection = { open, accepted, writeBytes, writeFrame, hangUp };
