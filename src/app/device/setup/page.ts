// The page, in pieces: each is made when the one before is sent, so the whole never is in memory. It needs no script. Every
// text that comes from outside is escaped.

import type { Bytes } from "../../../board";
import { RESTART_FILE } from "../../../config/files";
import { wellFormed } from "../../../mqtt/bytes";
import {
  ADDRESS,
  FIELDS,
  type Field,
  type Form,
  fieldAt,
  type Guest,
  MAX_NETWORKS,
  type Setup,
  SSID,
} from "./record";

/** Steps of an answer: the header, the top of the page, then the fields, the networks, the end. */
export const HEAD = 0;
const TOP = 1;
const FIRST_FIELD = 2;
const NETWORKS = FIRST_FIELD + FIELDS;
const BOTTOM = NETWORKS + 1;

/** The piece of an answer at a step, "" behind the last one. */
export function pieceOf(guest: Guest, step: number): Bytes {
  const form = guest.form;
  if (step === HEAD) return headOf(guest.status, form || guest.body ? styleOf() : "");
  if (!form) return step === TOP ? guest.body : "";
  if (step === TOP) return topOf(guest.setup, form);
  if (step < NETWORKS) return inputOf(form, step - FIRST_FIELD);
  if (step === NETWORKS) return networksOf(guest.setup);
  return step === BOTTOM ? bottomOf(guest.setup) : "";
}

/** The header of an answer, and the beginning of a page where there is one. */
function headOf(status: Bytes, style: Bytes): Bytes {
  const moved = status.substr(0, 3) === "302" ? "\r\nLocation: http://" + ADDRESS + "/" : "";
  return (
    "HTTP/1.1 " +
    status +
    moved +
    "\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\nConnection: close\r\n" +
    "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'" +
    "\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n\r\n" +
    style
  );
}

function styleOf(): Bytes {
  return (
    '<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content="width=device-width"><title>Setup</title>' +
    "<style>:root{color-scheme:light dark}body{font:1em/1.4 system-ui,sans-serif;max-width:30em;margin:auto;padding:1em}" +
    "label,input,button{display:block;width:100%;box-sizing:border-box;font:inherit}input,button{padding:.5em}" +
    "p{margin:.8em 0}small{opacity:.8}em{color:#c22;font-style:normal;font-weight:bold}" +
    "@media(prefers-color-scheme:dark){em{color:#f88}}</style>"
  );
}

function topOf(setup: Setup, form: Form): Bytes {
  const before = setup.board.readFile(RESTART_FILE);
  const minutes = 1 + (((setup.endsMs - setup.board.uptime()) / 60000) | 0);
  return (
    "<h1>Setup of " +
    escaped(setup.name) +
    "</h1><p>" +
    escaped(setup.why) +
    ". This page is here for at most " +
    minutes +
    " more minutes." +
    (setup.password
      ? ""
      : "<p><strong>This network is open</strong>: others nearby can read what you send.") +
    (before ? "<p role=alert><em>Last time: " + escaped(before) + "</em>" : "") +
    (form.others ? "<p role=alert><em>" + escaped(form.others) + "</em>" : "") +
    "<form method=post action=/><input type=hidden name=t value=" +
    setup.token +
    ">"
  );
}

/** A field, with its mistake beside it. */
function inputOf(form: Form, number: number): Bytes {
  const field: Field = fieldAt(number);
  const wrong = form.wrong[number];
  const about = wrong ? "e" + number : field.hint ? "h" + number : "";
  return (
    "<p><label for=f" +
    number +
    ">" +
    field.label +
    "</label><input id=f" +
    number +
    " name=f" +
    number +
    (field.secret
      ? " type=password autocomplete=off"
      : ' autocapitalize=none value="' + escaped(form.values[number]!) + '"') +
    (number === SSID ? " list=n required" : "") +
    (wrong ? " aria-invalid=true" : "") +
    (about ? " aria-describedby=" + about : "") +
    ">" +
    (field.hint ? "<small id=h" + number + ">" + field.hint + "</small>" : "") +
    (wrong ? " <em id=e" + number + ">" + escaped(wrong) + "</em>" : "")
  );
}

/** The networks that were found, as proposals. A name that is not UTF-8 would not come back as it is. */
function networksOf(setup: Setup): Bytes {
  let text = "<datalist id=n>";
  for (let i = 0; i < setup.found.length && i < MAX_NETWORKS; i++) {
    const it = setup.found[i]!;
    if (it.ssid && wellFormed(it.ssid))
      text += '<option value="' + escaped(it.ssid) + '">' + it.rssi + " dBm";
  }
  return text + "</datalist>";
}

function bottomOf(setup: Setup): Bytes {
  return (
    "<p><button>Try it</button></form><p><small>The board restarts and tries it. If it does not reach the broker, it goes back" +
    " to what it had, and says here why, once it is open again" +
    (setup.found.length ? "" : ". No networks were found") +
    ".</small>"
  );
}

/** A text as HTML shows it, also inside of an attribute's quotes. */
export function escaped(text: Bytes): Bytes {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
