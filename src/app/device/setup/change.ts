// The form as a change of config.json. It is merged and judged as `config-set` is, and tried in the same way.

import type { Bytes } from "../../../board";
import { configText, prove } from "../../../link/trial";
import { readRecord } from "../../../program/record";
import { fromJson } from "../../../text";
import { judgeChange, tryConfig } from "../config-change";
import { hide, isTree, type Tree } from "../secrets";
import {
  FIELDS,
  type Form,
  fieldAt,
  fieldOf,
  ID,
  IDENTITY,
  PSK,
  type Setup,
  SIGN_KEY,
  SSID,
  URL,
  USER,
  USER_PASSWORD,
  WIFI_PASSWORD,
} from "./record";
import { fieldIn } from "./request";

/** The configuration's value at a path like "mqtt.url"; "" where it has no text there. */
function textAt(tree: Tree, path: Bytes): Bytes {
  const names = path.split(".");
  let value: unknown = tree;
  for (let i = 0; i < names.length; i++)
    value = isTree(value) && value.hasOwnProperty(names[i]!) ? value[names[i]!] : undefined;
  return typeof value === "string" ? value : "";
}

/** Whether a configuration has several brokers. The page has one field, and shows none of them. */
function severalIn(tree: Tree): boolean {
  const mqtt = tree["mqtt"];
  return isTree(mqtt) && Array.isArray(mqtt["url"]);
}

/** The values of the present configuration, without secrets, and its mistakes if it has any. */
export function presentForm(setup: Setup): Form {
  const form: Form = { values: [], wrong: [], others: "" };
  const text = configText(setup.board);
  const tree = fromJson(text || "{}");
  const shown = isTree(tree) ? tree : {};
  hide(shown, "");
  for (let i = 0; i < FIELDS; i++) {
    const field = fieldAt(i);
    form.values[i] = field.secret || !field.key ? "" : textAt(shown, field.key);
  }
  if (!form.values[ID]) form.values[ID] = setup.name;
  if (text === undefined) return form;
  if (isTree(tree)) judgeChange(setup, setup.world, {}, noteIn(form));
  else form.others = "config.json: expected an object {...}; it will be replaced";
  return form;
}

/** Puts each mistake beside its field. */
function noteIn(form: Form): (key: Bytes, wrong: Bytes) => void {
  return function (key, wrong) {
    const number = fieldOf(key);
    if (!wrong) return;
    if (number === FIELDS) form.others += (form.others ? "; " : "") + key + ": " + wrong;
    else if (!form.wrong[number]) form.wrong[number] = wrong;
  };
}

/**
 * Judges what was sent and saves it for the next boot, which tries it.
 * @returns the form with its mistakes; undefined if there are none
 */
export function takeForm(setup: Setup, body: Bytes): Form | undefined {
  const form: Form = { values: [], wrong: [], others: "" };
  for (let i = 0; i < FIELDS; i++) form.values[i] = fieldIn(body, "f" + i);
  const note = noteIn(form);
  const text = judgeChange(setup, setup.world, changeOf(setup, form), note);
  let good = !form.others;
  for (let i = 0; i < FIELDS; i++) if (form.wrong[i]) good = false;
  if (good) form.others = save(setup, text);
  return good && !form.others ? undefined : form;
}

/** A program that came by cable has run: that is all it must do before something else is tried. */
function save(setup: Setup, text: Bytes): Bytes {
  const record = readRecord(setup.board);
  if (record && record.trial && record.by === "cable") prove(setup);
  return tryConfig(setup.board, text);
}

/** The fields as a change (RFC 7396). An empty secret is unchanged. */
function changeOf(setup: Setup, form: Form): Tree {
  const values = form.values;
  const present = fromJson(configText(setup.board) || "{}");
  const old = isTree(present) ? present : {};
  const wifi: Tree = { ssid: values[SSID] };
  // Another network does not get the password of this one.
  if (values[WIFI_PASSWORD] || values[SSID] !== textAt(old, "wifi.ssid"))
    wifi["password"] = values[WIFI_PASSWORD];
  const mqtt: Tree = {};
  // Several brokers stay as they are while the field is empty.
  if (values[URL] || values[USER] || !severalIn(old)) mqtt["url"] = urlOf(form);
  if (values[IDENTITY] || values[PSK]) {
    const psk: Tree = { identity: values[IDENTITY] };
    if (values[PSK]) psk["key"] = values[PSK];
    mqtt["tls"] = { psk };
  } else if (textAt(old, "mqtt.tls.psk.identity")) mqtt["tls"] = null;
  const change: Tree = { wifi, mqtt, device: { id: values[ID] } };
  if (values[SIGN_KEY]) change["sign"] = { key: values[SIGN_KEY] };
  return change;
}

/** The URL with the user and the password of the form, where they are given. */
function urlOf(form: Form): Bytes {
  const url = form.values[URL]!;
  const user = form.values[USER]!;
  const password = form.values[USER_PASSWORD]!;
  if (!user && password) form.wrong[USER] = "expected the user that this password belongs to";
  if (!user) return url;
  const scheme = url.substr(0, 6).toLowerCase() === "wss://" ? 6 : 5;
  const rest = url.substr(scheme);
  const ends = rest.split("/")[0]!.split("@");
  const host = ends.length > 1 ? rest.substr(ends[0]!.length + 1) : rest;
  return url.substr(0, scheme) + encoded(user) + (password ? ":" + encoded(password) : "") + "@" + host;
}

const HEX = "0123456789ABCDEF";

/** Percent-encoding (RFC 3986 2.1) of all bytes that may mean something in a URL. */
function encoded(text: Bytes): Bytes {
  let safe = "";
  for (let i = 0; i < text.length; i++) {
    const byte = text.charCodeAt(i);
    safe += /[A-Za-z0-9._~-]/.test(text.charAt(i))
      ? text.charAt(i)
      : "%" + HEX.charAt(byte >> 4) + HEX.charAt(byte & 15);
  }
  return safe;
}

/** The fields that say something, for the log: never what. */
export function kindsIn(body: Bytes): Bytes {
  let kinds = "";
  for (let i = 0; i < FIELDS; i++)
    if (fieldIn(body, "f" + i)) kinds += (kinds ? ", " : "") + fieldAt(i).label.toLowerCase();
  return kinds || "nothing";
}
