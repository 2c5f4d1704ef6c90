// The transport on Espruino's stock `ws` module, which does the handshake. After that our reader replaces the module's, and
// frames are written directly to the socket (engine 40).

import type { Bytes, Connection, Line, Target } from "../../src/board";
import { authorityOf } from "./authority";
import { hold, line, socket, writeBytes } from "./line";
import { writeFrame } from "./mask";
import { beginPsk, endPsk, listen, needPsk, type PskSocket, whyEnded } from "./psk";
import { forgetTls, lostTls, overTls, secured, securing } from "./tls";
import { inWords } from "./words";

/** The module's object. It knows the line while it is the current one, as a socket does. */
interface HeldWebSocket extends EspruinoWebSocket {
  line?: Line;
}

let ws: HeldWebSocket | undefined;
const OTHER_KIND = "module ws is not Espruino's own: flash the board with that";
/** The module's own reader. */
let handshake: EspruinoWebSocket["parseData"];

/** See Board.open. */
function open(target: Target, to: Line): void {
  const net = require("net");
  const options = { host: target.host, port: target.port };
  let connect = net.connect;
  hold(to);
  try {
    if (target.psk) needPsk(target);
    else if (target.tls) {
      overTls(options);
      connect = require("tls").connect;
    }
    // The constructor gets our own `connect` while it runs. The module hides its socket until TCP is connected. It also
    // takes one name for the address and the Host header, and that header may need the port.
    net.connect = function (_options, connected) {
      hold(
        to,
        connect(options, function (its) {
          if (its !== socket) return;
          if (!target.psk) connected(its);
          to.onConnected(to);
          if (target.psk && its === socket)
            beginPsk(its, target, function (its) {
              handOver(its, connected);
            });
        }),
      );
      socket!.on("error", function (error) {
        if (this === socket) lost(whyEnded(this, error.message));
      });
      socket!.on("close", function () {
        if (this === socket) lost(whyEnded(this, ""));
      });
      if (target.tls && !target.psk) writeBytes("");
      return socket!;
    };
    ws = require("ws")(authorityOf(target), {
      path: target.path,
      port: target.port,
      protocol: "mqtt",
      keepAlive: 86400, // its own PINGs are stopped below
      headers: target.headers || {},
    });
    handshake = ws.parseData;
    if (!socket || !handshake) throw OTHER_KIND;
    ws.parseData = parseData;
    ws.line = to;
  } catch (error) {
    to.onLost(to, moduleInWords("" + error));
  }
  // Deleting our function restores the built-in one.
  delete (net as Partial<EspruinoNet>).connect;
}

/** Lets the module shake hands through TLS: what it reads is plaintext, and so our listener stays the only one. */
function handOver(its: PskSocket, connected: (its: EspruinoSocket) => void): void {
  connected(its);
  its.removeAllListeners("data");
  listen(its);
  its.reader = ws;
  line!.onDrained(line!);
}

/** Like {@link inWords}, and also for errors of the module. */
function moduleInWords(error: Bytes): Bytes {
  if (/xpecting function/.test(error)) return OTHER_KIND;
  return /odule "ws" not found/.test(error)
    ? "module ws is missing: flash the board with it"
    : inWords(error);
}

function lost(why: Bytes): void {
  if (securing) lostTls(line!, why);
  else if (line) line.onLost(line, why);
}

/** Replaces the module's reader. `this` is the module's object, perhaps of an earlier connection. */
function parseData(this: HeldWebSocket, bytes: Bytes): void {
  const to = this.line;
  if (!to) return;
  if (!this.connected) {
    handshake.call(this, bytes);
    if (this.connected) {
      clearInterval(this.pingTimer!);
      this.pingTimer = undefined;
      this.lastData = "";
    }
  }
  if (securing === 1) secured();
  to.onBytes(to, bytes);
}

/** See Board.accepted. */
function accepted(): boolean {
  return !!ws && ws.connected;
}

/** See Board.hangUp. */
function hangUp(now: number): void {
  // The module leaves several cycles (engine 15).
  if (ws) {
    ws.removeAllListeners();
    ws.socket = null;
    delete ws.line;
  }
  ws = undefined;
  const old = socket;
  hold();
  forgetTls();
  if (!old) return;
  endPsk(old, now);
  // Not "data": a socket must be drained to close (engine 39).
  old.removeAllListeners("close");
  old.removeAllListeners("error");
  old.removeAllListeners("connect");
  old.removeAllListeners("drain");
  if (now) old.dSnd = "";
  old.end();
  // Makes the engine collect what a connection leaves (engine 15).
  process.memory();
}

export const stock: Connection = { open, accepted, writeBytes, writeFrame, hangUp };
