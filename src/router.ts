// Handlers by Topic Filter (MQTT 4.7), called in the order in which they were added. The router does not subscribe. It
// splits a filter when a message arrives: a stored list of levels would take at least one JsVar for each level.

import type { Bytes } from "./board";
import { brief, isTopicFilter, must, wellFormed } from "./mqtt/bytes";

/** Most handlers of one router. */
export const MAX_ROUTES = 64;

/** Called with the arguments of {@link dispatch}. */
export type Handler<Message> = (topic: Bytes, payload: Bytes, message: Message) => void;

interface Route<Message> {
  filter: Bytes;
  handler: Handler<Message>;
  /** 1 if the filter has a wildcard, else 0. */
  wild: number;
}

export interface Router<Message> {
  /** Replaced, never modified: a handler may add and remove handlers while {@link dispatch} walks the list. */
  routes: Route<Message>[];
}

export function newRouter<Message>(): Router<Message> {
  return { routes: [] };
}

/**
 * Adds a handler for messages whose topic matches the filter.
 * @param filter 1..65,535 bytes, may have `+`, `#` and the prefix `$share/<group>/`
 * @throws on a bad filter, a handler that is not a function, and when the router is full
 */
export function on<Message>(router: Router<Message>, filter: Bytes, handler: Handler<Message>): void {
  must(
    typeof filter === "string" && wellFormed(filter) && isTopicFilter(filter),
    "bad topic filter " + brief("" + filter),
  );
  must(typeof handler === "function", "a handler must be a function");
  must(router.routes.length < MAX_ROUTES, "over " + MAX_ROUTES + " handlers");
  filter = withoutGroup(filter);
  const wild = filter.indexOf("+") < 0 && filter.indexOf("#") < 0 ? 0 : 1;
  router.routes = router.routes.concat([{ filter, handler, wild }]);
}

/** Removes a handler that was added with this filter; without `handler`, all that were. */
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
 * Calls the handlers of a message. All are called, even if some of them throw; then the first exception is thrown.
 * @returns number of handlers called
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
    // Inline, because the engine would make a separate function again for each handler (engine 10). A filter that
    // begins with a wildcard does not match topics that begin with $ [MQTT-4.7.2-1].
    if (route.wild && (topic[0] !== "$" || filter[0] === "$")) {
      const levels = filter.split("/");
      let i = 0;
      while (i < names.length && (levels[i] === "+" || levels[i] === names[i])) i++;
      // `#` also matches the parent level: "sport/#" matches "sport" (4.7.1.2).
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

/** The filter of a shared subscription (MQTT 5, 4.8.2) without `$share/<group>/`: topics match this part. */
function withoutGroup(filter: Bytes): Bytes {
  return filter.substr(0, 7) === "$share/" ? filter.split("/").slice(2).join("/") : filter;
}
