// An access point of the board's own under Espruino, and what listens there (AccessPoint of src/board.ts). All of it is
// called seldom: nothing of it stays in memory (engine 10).

import type { Bytes, Peer } from "../../src/board";

/** See AccessPoint.pressed. */
export function pressed(pin: Bytes): number {
  pinMode(pin, "input_pullup");
  return digitalRead(pin) ? 0 : 1;
}

/** See AccessPoint.openAir. */
export function openAir(name: Bytes, password: Bytes, done: (error: Bytes) => void): void {
  try {
    require("Wifi").startAP(
      name,
      password ? { password, authMode: "wpa2" } : { authMode: "open" },
      function (error) {
        done(error || "");
      },
    );
  } catch (error) {
    done("" + error);
  }
}

/** See AccessPoint.closeAir. */
export function closeAir(): void {
  require("Wifi").stopAP();
}

/** See AccessPoint.leaveAir. */
export function leaveAir(): void {
  const wifi = require("Wifi");
  wifi.removeAllListeners("disconnected");
  wifi.disconnect();
}

/** See AccessPoint.listenTcp. */
export function listenTcp<Guest>(
  port: number,
  accept: (peer: Peer) => Guest | undefined,
  heard: (guest: Guest, bytes: Bytes | undefined) => void,
): EspruinoServer {
  const server = require("net").createServer(function (socket) {
    const guest = accept({ socket });
    if (!guest) {
      // A socket must be drained to close (engine 39).
      socket.on("data", Boolean);
      socket.end();
      return;
    }
    socket.on("drain", function () {
      heard(guest, "");
    });
    socket.on("close", function () {
      // The listeners hold the guest, and the guest holds the socket (engine 15).
      socket.removeAllListeners();
      heard(guest, undefined);
    });
    socket.on("data", function (bytes) {
      heard(guest, bytes);
    });
  });
  server.listen(port);
  return server;
}

/** See AccessPoint.deafen. */
export function deafen(listener: unknown): void {
  (listener as EspruinoServer).close();
}

/** See AccessPoint.tell. */
export function tell(peer: Peer, bytes: Bytes): void {
  try {
    (peer.socket as EspruinoSocket).write(bytes);
  } catch (_) {
    // It has just been closed. Its `close` event follows.
  }
}

/** See AccessPoint.part. */
export function part(peer: Peer, now: number): void {
  const socket = peer.socket as EspruinoSocket;
  try {
    if (now) socket.dSnd = "";
    socket.end();
  } catch (_) {
    // As above.
  }
}

/** See AccessPoint.answerUdp. */
export function answerUdp(port: number, answer: (datagram: Bytes) => Bytes): EspruinoUdp {
  const socket = require("dgram").createSocket("udp4");
  socket.on("message", function (datagram, from) {
    const reply = answer(datagram);
    if (reply) socket.send(reply, from.port, from.address);
  });
  socket.bind(port);
  return socket;
}

/** See AccessPoint.deafenUdp. */
export function deafenUdp(listener: unknown): void {
  (listener as EspruinoUdp).close();
}
