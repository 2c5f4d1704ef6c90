// CONNECT (3.1) in its variants, byte by byte. Sent only: a client never receives it.
import type { ConnectOptions } from "#subject";
import type { Bytes } from "../../src/board.ts";
import { utf8, wire } from "../support/wire.ts";

export interface ConnectVector {
  name: string;
  options: ConnectOptions;
  bytes: Bytes;
}

export const CONNECTS: ConnectVector[] = [
  {
    name: "the smallest: no client id, no keep alive",
    options: { clientId: "", cleanSession: true, keepAlive: 0 },
    bytes: wire`
      10             ; CONNECT
      0c             ; Remaining Length 12
      0004 'MQTT'    ; Protocol Name
      04             ; Protocol Level: 3.1.1
      02             ; Connect Flags: Clean Session
      0000           ; Keep Alive off
      0000           ; Client Identifier: the server chooses
    `,
  },
  {
    name: "client id and keep alive",
    options: { clientId: utf8("esp32-é"), cleanSession: true, keepAlive: 45 },
    bytes:
      wire`
      10             ; CONNECT
      14             ; Remaining Length 20
      0004 'MQTT'    ; Protocol Name
      04             ; Protocol Level
      02             ; Clean Session
      002d           ; Keep Alive 45 s
      0008           ; Length of the Client Identifier, in bytes
    ` + utf8("esp32-é"),
  },
  {
    name: "a session to keep, the longest keep alive",
    options: { clientId: "a", cleanSession: false, keepAlive: 65535 },
    bytes: wire`
      10             ; CONNECT
      0d             ; Remaining Length 13
      0004 'MQTT'    ; Protocol Name
      04             ; Protocol Level
      00             ; Connect Flags: none
      ffff           ; Keep Alive 65535 s
      0001 'a'       ; Client Identifier
    `,
  },
  {
    name: "user name and password",
    options: { clientId: "a", cleanSession: true, keepAlive: 256, user: "me", password: "x\0\xff" },
    bytes: wire`
      10             ; CONNECT
      16             ; Remaining Length 22
      0004 'MQTT'    ; Protocol Name
      04             ; Protocol Level
      c2             ; User Name, Password, Clean Session
      0100           ; Keep Alive 256 s
      0001 'a'       ; Client Identifier
      0002 'me'      ; User Name
      0003 'x' 00 ff ; Password: any bytes
    `,
  },
  {
    name: "user name without password",
    options: { clientId: "a", cleanSession: false, keepAlive: 1, user: "me" },
    bytes: wire`
      10             ; CONNECT
      11             ; Remaining Length 17
      0004 'MQTT'    ; Protocol Name
      04             ; Protocol Level
      80             ; User Name
      0001           ; Keep Alive 1 s
      0001 'a'       ; Client Identifier
      0002 'me'      ; User Name
    `,
  },
  {
    name: "user name and password, both empty",
    options: { clientId: "", cleanSession: true, keepAlive: 0, user: "", password: "" },
    bytes: wire`
      10             ; CONNECT
      10             ; Remaining Length 16
      0004 'MQTT'    ; Protocol Name
      04             ; Protocol Level
      c2             ; User Name, Password, Clean Session
      0000           ; Keep Alive off
      0000           ; Client Identifier
      0000           ; User Name: there, and empty
      0000           ; Password: there, and empty
    `,
  },
  {
    name: "will, QoS 0, empty message",
    options: {
      clientId: "a",
      cleanSession: true,
      keepAlive: 0,
      will: { topic: "w", payload: "", qos: 0, retain: false },
    },
    bytes: wire`
      10             ; CONNECT
      12             ; Remaining Length 18
      0004 'MQTT'    ; Protocol Name
      04             ; Protocol Level
      06             ; Will, Clean Session
      0000           ; Keep Alive off
      0001 'a'       ; Client Identifier
      0001 'w'       ; Will Topic
      0000           ; Will Message: empty
    `,
  },
  {
    name: "will, QoS 1, retained",
    options: {
      clientId: "a",
      cleanSession: true,
      keepAlive: 0,
      will: { topic: "w", payload: "gone", qos: 1, retain: true },
    },
    bytes: wire`
      10             ; CONNECT
      16             ; Remaining Length 22
      0004 'MQTT'    ; Protocol Name
      04             ; Protocol Level
      2e             ; Will Retain, Will QoS 1, Will, Clean Session
      0000           ; Keep Alive off
      0001 'a'       ; Client Identifier
      0001 'w'       ; Will Topic
      0004 'gone'    ; Will Message
    `,
  },
  {
    name: "everything: will with QoS 2, user name, password",
    options: {
      clientId: "a",
      cleanSession: false,
      keepAlive: 60,
      user: "u",
      password: "p",
      will: { topic: "w/x", payload: "\0", qos: 2, retain: false },
    },
    bytes: wire`
      10             ; CONNECT
      1b             ; Remaining Length 27
      0004 'MQTT'    ; Protocol Name
      04             ; Protocol Level
      d4             ; User Name, Password, Will QoS 2, Will
      003c           ; Keep Alive 60 s
      0001 'a'       ; Client Identifier
      0003 'w/x'     ; Will Topic
      0001 00        ; Will Message
      0001 'u'       ; User Name
      0001 'p'       ; Password
    `,
  },
];
