// Messages to handlers by Topic Filter (MQTT 4.7): which handlers want a topic, in the order in which they were added.
// Subscribes to nothing and knows no connection. A filter is taken apart when a message comes: kept in parts it would
// take a JsVar and more for each level.

import type { Bytes } from "./board";
import { isTopicFilter, must } from "./mqtt/bytes";

/** Most handlers of one router. */
export const MAX_ROUTES = 64;

/** Gets what {@link dispatch} was given. */
export type Handler<Message> = (topic: Bytes, payload: Bytes, message: Message) => void;

interface Route<Message> {
  filter: Bytes;
  handler: Handler<Message>;
  /** 1 if the filter has a wildcard, so that comparing texts does not do. */
  wild: number;
}

export interface Router<Message> {
  /** Never changed while it is gone through: a handler may add and remove handlers. */
  routes: Route<Message>[];
}

export function newRouter<Message>(): Router<Message> {
  return { routes: [] };
}

/**
 * Has `handler` called for messages whose topic matches, beside all others for which that holds.
 * @param filter 1..65,535 bytes, may have `+` and `#`, and `$share/<group>/` in front of it; throws on a bad one
 */
export function on<Message>(router: Router<Message>, filter: Bytes, handler: Handler<Message>): void {
  must(typeof filter === "string" && isTopicFilter(filter), "bad topic filter " + filter);
  must(typeof handler === "function", "a handler must be a function");
  must(router.routes.length < MAX_ROUTES, "over " + MAX_ROUTES + " handlers");
  filter = withoutGroup(filter);
  const wild = filter.indexOf("+") < 0 && filter.indexOf("#") < 0 ? 0 : 1;
  router.routes = router.routes.concat([{ filter, handler, wild }]);
}

/** Takes handlers away that were added with this filter: this one, or all. */
export function off<Message>(router: Router<Message>, filter: Bytes, handler?: Handler<Message>): void {
  const kept = [];
  filter = withoutGroup(filter);
  for (let i = 0; i < router.routes.length; i++) {
    const route = router.routes[i]!;
    if (route.filter !== filter || (handler && route.handler !== handler)) kept.push(route);
  }
  router.routes = kept;
}

/**
 * Calls the handlers of a message. One that throws keeps the message from no other; what was thrown first is thrown
 * when all were called.
 * @returns how many there were
 */
export function dispatch<Message>(
  router: Router<Message>,
  topic: Bytes,
  payload: Bytes,
  message: Message,
): number {
  const routes = router.routes;
  const thrown: unknown[] = [];
  const names = topic.split("/");
  let count = 0;
  for (let n = 0; n < routes.length; n++) {
    const route = routes[n]!;
    const filter = route.filter;
    let fits = filter === topic;
    // In here, not in a function of its own: that would be made anew for each handler (build/rare.ts). What begins with
    // a wildcard is not for the server's own topics [MQTT-4.7.2-1].
    if (route.wild && (topic[0] !== "$" || filter[0] === "$")) {
      const levels = filter.split("/");
      let i = 0;
      while (i < names.length && (levels[i] === "+" || levels[i] === names[i])) i++;
      // `#` is also for the level above: "sport/#" for "sport" (4.7.1.2).
      fits = levels[i] === "#" || (i === names.length && i === levels.length);
    }
    if (fits) {
      count++;
      try {
        route.handler(topic, payload, message);
      } catch (error) {
        thrown.push(error);
      }
    }
  }
  if (thrown.length) throw thrown[0];
  return count;
}

/** A shared subscription's own filter (MQTT 5, 4.8.2): that is what its topics match. */
function withoutGroup(filter: Bytes): Bytes {
  return filter.substr(0, 7) === "$share/" ? filter.split("/").slice(2).join("/") : filter;
}
