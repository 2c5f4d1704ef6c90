// Requests of bounded length, time and number, for the page and for nothing else. A phone asks on several connections at
// once: its system's probes go on while its browser shows the page.

import type { Bytes, Peer } from "../../../board";
import { INFO, say, WARNING } from "../../../log";
import { kindsIn, presentForm, takeForm } from "./change";
import { HEAD, pieceOf } from "./page";
import {
  ADDRESS,
  type Guest,
  MAX_GUESTS,
  MAX_REQUEST,
  REQUEST_DEADLINE_S,
  RESTART_MS,
  type Setup,
} from "./record";
import { fieldIn, parseRequest, type Request } from "./request";

/** A phone has connected. @returns undefined where there are connections enough */
export function accept(setup: Setup, peer: Peer): Guest | undefined {
  if (setup.over || setup.guests >= MAX_GUESTS) return undefined;
  const guest: Guest = { setup, peer, text: "", step: -1, status: "", body: "", gone: 0 };
  setup.guests++;
  setup.world.chip.after(REQUEST_DEADLINE_S * 1000, function () {
    if (!guest.gone) setup.world.chip.part(peer, 1);
  });
  return guest;
}

/** Bytes have come, or all written ones are sent (""), or the connection has ended (undefined). */
export function heard(guest: Guest, bytes: Bytes | undefined): void {
  if (bytes === undefined) leave(guest);
  else if (!bytes) sendNext(guest);
  else if (guest.step < 0) take(guest, bytes);
}

function leave(guest: Guest): void {
  const setup = guest.setup;
  if (!guest.gone) setup.guests--;
  guest.gone = 1;
  guest.text = "";
}

/** More of a request. Bytes behind its end are dropped. */
function take(guest: Guest, bytes: Bytes): void {
  const setup = guest.setup;
  // The kept bytes have a bound, whatever a piece brings.
  guest.text += bytes.substr(0, MAX_REQUEST + 1 - guest.text.length);
  const request = parseRequest(guest.text);
  if (request === undefined) return;
  guest.text = "";
  if (typeof request !== "string") return respond(guest, request);
  say(setup.log, WARNING, "setup", "a request is refused: " + request);
  answer(guest, request, request);
}

/** Sends the first piece of an answer. The others follow, each when the one before is sent. */
function answer(guest: Guest, status: Bytes, body: Bytes): void {
  guest.status = status;
  guest.body = body;
  guest.step = HEAD;
  guest.setup.world.chip.tell(guest.peer, pieceOf(guest, HEAD));
}

function sendNext(guest: Guest): void {
  if (guest.step < 0 || guest.gone) return;
  const piece = pieceOf(guest, ++guest.step);
  if (piece) guest.setup.world.chip.tell(guest.peer, piece);
  else guest.setup.world.chip.part(guest.peer, 0);
}

function respond(guest: Guest, request: Request): void {
  const setup = guest.setup;
  // The probes of phones, and every other name: the answerer for DNS has led them here.
  if (request.host !== ADDRESS) return answer(guest, "302 Found", "");
  if (request.path !== "/") return answer(guest, "404 Not Found", "");
  if (request.method === "POST") return takePost(guest, request.body);
  if (request.method !== "GET") return answer(guest, "405 Method Not Allowed", "");
  say(setup.log, INFO, "setup", "the page is shown");
  guest.form = presentForm(setup);
  answer(guest, "200 OK", "");
}

function takePost(guest: Guest, body: Bytes): void {
  const setup = guest.setup;
  if (fieldIn(body, "t") !== setup.token) {
    say(setup.log, WARNING, "setup", "a form is refused: this page did not make it");
    return answer(guest, "403 Forbidden", "<p>This form is old. <a href=/>Open the page again.</a>");
  }
  const kinds = kindsIn(body);
  const form = takeForm(setup, body);
  say(setup.log, INFO, "setup", (form ? "mistakes in what was sent: " : "is tried: ") + kinds);
  if (!form) return keep(guest);
  guest.form = form;
  answer(guest, "422 Unprocessable Content", "");
}

function keep(guest: Guest): void {
  const setup = guest.setup;
  setup.over = 1;
  answer(
    guest,
    "200 OK",
    "<h1>Saved</h1><p role=status>The board restarts, and tries it for two minutes. This network closes now. If the board" +
      " does not reach the broker, the network opens again, and its page says why.",
  );
  setup.world.chip.after(RESTART_MS, function () {
    setup.leave();
    setup.board.restart();
  });
}
