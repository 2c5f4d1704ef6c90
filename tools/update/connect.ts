// A connection to the broker, with MQTT 5 or, where the broker does not know that, 3.1.1. No message shows user name or
// password, or the query of the URL.

import { randomBytes } from "node:crypto";
import { connect, type IConnackPacket, type MqttClient } from "mqtt";
import { Failure } from "../failures.ts";
import { CONNECT_MS, KEEP_ALIVE_S } from "./limits.ts";

export interface Connection {
  client: MqttClient;
  /** What the broker said of itself (MQTT 5, 3.2.2.3). */
  properties: NonNullable<IConnackPacket["properties"]>;
  /** The broker, as messages name it. */
  name: string;
}

/** A broker that does not know MQTT 5: return code 1 (3.1.1, 3.2.2.3), Reason Code 0x84 (5, 3.2.2.2). */
const OTHER_VERSION = [1, 0x84];
/** Refusals because of who asks: 3.1.1 has 2, 4 and 5. */
const DENIED = [2, 4, 5, 0x85, 0x86, 0x87, 0x8a];

export async function connectTo(url: string): Promise<Connection> {
  const name = nameOf(url);
  try {
    return await attempt(url, name, 5);
  } catch (error) {
    if (error instanceof Failure) throw error;
  }
  try {
    return await attempt(url, name, 4);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure("broker", `${name} closed the connection without a word of MQTT`);
  }
}

/** The URL without credentials and query. */
function nameOf(url: string): string {
  const { protocol, host, pathname } = new URL(url);
  return `${protocol}//${host}${pathname === "/" ? "" : pathname}`;
}

/** Rejects with a Failure, or with another error if the broker may know another version of MQTT. */
function attempt(url: string, name: string, protocolVersion: 4 | 5): Promise<Connection> {
  const { username, password, ...rest } = addressOf(url);
  const client = connect(rest.url, {
    protocolVersion,
    ...(username && { username, password }),
    clientId: `update-${randomBytes(6).toString("hex")}`,
    clean: true,
    keepalive: KEEP_ALIVE_S,
    connectTimeout: CONNECT_MS,
    reconnectPeriod: 0,
    resubscribe: false,
  });
  return new Promise<Connection>((resolve, reject) => {
    // Opening the socket can take longer than mqtt waits for the broker's word.
    const timer = setTimeout(() => end(noAnswer(name)), CONNECT_MS);
    const end = (error: Error) => {
      clearTimeout(timer);
      client.end(true);
      reject(error);
    };
    client.on("error", (error) => end(refusal(error, name)));
    client.on("close", () => end(new Error("closed")));
    client.on("connect", ({ properties = {} }) => {
      clearTimeout(timer);
      client.removeAllListeners("error").removeAllListeners("close");
      // The close that follows is told.
      client.on("error", () => {});
      resolve({ client, properties, name });
    });
  });
}

/** The URL and, apart from it, the credentials. */
function addressOf(text: string) {
  const url = new URL(text);
  const [username, password] = [url.username, url.password].map(decodeURIComponent);
  url.username = url.password = "";
  return { url: url.href, username, password };
}

function refusal(error: Error & { code?: string | number }, name: string): Error {
  const { code, message } = error;
  if (typeof code === "number") {
    if (OTHER_VERSION.includes(code)) return error;
    const reason = `${name} refused the connection, reason 0x${code.toString(16)} (${message.replace(/^Connection refused: /, "")})`;
    return DENIED.includes(code) ? new Failure("denied", reason) : new Failure("broker", reason);
  }
  if (message === "connack timeout") return noAnswer(name);
  return new Failure("broker", `${name} cannot be reached (${message || code})`);
}

function noAnswer(name: string): Failure {
  return new Failure("broker", `${name} did not answer in ${CONNECT_MS / 1000} s`);
}
