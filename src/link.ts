// The ladder: DOWN -> JOINING (Wi-Fi) -> OPENING (TCP, WebSocket) -> LOGIN (MQTT) -> UP, and down again. Every rung
// has a deadline; whatever fails: close, wait, climb again. Time is one tick a second.

import type { Board, Bytes } from "./board";
import type { ConfigFile } from "./config-file";
import { climb, enter, fall, leave, off } from "./ladder";
import { INFO, type Log, say, WIRE } from "./log";
import { connect, newClient, tick } from "./mqtt/client";
import { receive } from "./mqtt/receive";
import { MAX_IDENTIFIER, UNSPECIFIED_ERROR } from "./mqtt/spec";
import type { Properties } from "./mqtt/v5/properties";
import { flush } from "./mqtt/write";
import type { Profile } from "./profile/profile";
import { checkProgress, fault } from "./rescue";
import {
  type App,
  DOWN,
  HANDSHAKE_DEADLINE_S,
  JOINING,
  LEAVING,
  type Link,
  LOGIN,
  OPENING,
  RENEWING,
  RESTART_FILE,
  SECURING,
  STEADY_S,
  TLS_DEADLINE_S,
  UP,
  WATCHDOG_S,
} from "./rungs";
import { hideSecrets, type Url } from "./url";
import { newWebSocket, send } from "./ws/websocket";

/** Makes the link and begins to climb. */
export function start(
  board: Board,
  log: Log,
  app: App,
  profile: Profile,
  config: ConfigFile,
  url: Url,
): Link {
  if (log.level >= WIRE) log.hide = (bytes) => hideSecrets(url, bytes, 1);
  const ws = newWebSocket(
    board,
    log,
    {
      connected(secured) {
        if (url.tls && !secured) enter(link, SECURING, TLS_DEADLINE_S);
        else enter(link, OPENING, HANDSHAKE_DEADLINE_S);
      },
      open() {
        enter(link, LOGIN, 0);
        say(log, INFO, "link", "Connected to WS. Logging in to MQTT...");
        if (ws.zero) say(log, INFO, "ws", "mqtt.mask is zero: faster, but not what RFC 6455 5.3 asks for");
        connect(link.client, config.mqtt, profile.will);
      },
      data(payload) {
        const reason = receive(link.client, payload);
        if (link.state === LEAVING) leave(link);
        else if (reason) fall(link, profile.why(reason), reason);
      },
      drained() {
        flush(link.client);
      },
      closed(why, reason) {
        if (link.state === LEAVING) off(link);
        else fall(link, hideSecrets(url, why), reason);
      },
    },
    config.mqtt.mask === "zero" ? 1 : 0,
  );

  const events = {
    ready(present: number) {
      // The callback of a message that the server took before may have stopped it all.
      if (link.state !== LOGIN) return;
      enter(link, UP, 0);
      link.steady = link.joins = link.refused = 0;
      link.why = "";
      if (board.read(RESTART_FILE)) board.save(RESTART_FILE, "");
      say(log, INFO, "mqtt", "CONNECTED to " + url.shown);
      app.up(link, present);
    },
    message(topic: Bytes, payload: Bytes, flags: number, properties?: Properties) {
      if (link.state === UP) app.message(link, topic, payload, flags, properties);
    },
  };
  const client = newClient(
    log,
    events,
    profile.kinds,
    (bytes, shown) => (bytes ? send(ws, bytes, shown) : board.write("")),
    config.mqtt,
  );
  const link: Link = {
    state: DOWN,
    board,
    log,
    app,
    profile,
    config,
    url,
    ws,
    client,
    second: () => oneSecond(link),
    joined: 0,
    joins: 0,
    wait: 0,
    tries: 0,
    steady: 0,
    quick: 0,
    refused: 0,
    good: 0,
    why: "",
    fault: 0,
  };
  board.watchdog(WATCHDOG_S);
  board.faults((what) => fault(link, what));
  if (config.mqtt.outbox.save && profile.load) link.saver = profile.load(link);
  // A server that still holds a QoS 2 message of ours from before a restart would drop a new one under its identifier.
  if (!config.mqtt.cleanSession) client.id = (board.random() * MAX_IDENTIFIER) | 0;
  climb(link);
  return link;
}

function oneSecond(link: Link): void {
  const late = link.wait && !--link.wait;
  // Whoever comes here every second is well.
  link.board.watchdog(WATCHDOG_S);
  if (link.state === LOGIN || link.state === UP) {
    const reason = tick(link.client);
    if (reason) fall(link, link.profile.why(reason), reason);
    else if (link.client.unsent) flush(link.client);
  } else if (late && link.state === DOWN) climb(link);
  else if (late && link.state === LEAVING) off(link);
  else if (late) {
    fall(
      link,
      link.state === JOINING
        ? "no answer from Wi-Fi"
        : link.state === RENEWING
          ? "the application got no new credentials in 30 s"
          : link.state === SECURING
            ? "no end of the TLS handshake in 20 s"
            : "no answer from the server",
      UNSPECIFIED_ERROR,
    );
  }
  if (link.saver) link.saver.watch(link);
  if (link.state === UP) {
    if (++link.steady === STEADY_S) link.tries = 0;
    link.app.second(link);
  }
  checkProgress(link);
}
