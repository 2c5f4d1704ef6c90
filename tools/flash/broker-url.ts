// A broker as people name it.

/** A bare host is completed to the URL of mosquitto's usual listener: see docs/brokers.md. */
const USUAL_PORT = 9001;
const USUAL_PATH = "/mqtt";

/** The URL that an answer stands for: a bare host gets the usual scheme, port and path. */
export function whole(answer: string): string {
  const [, user = "", host, port = `:${USUAL_PORT}`, path = USUAL_PATH] =
    /^(.*@)?([^/:@?]+|\[[^\]]*\])(:\d+)?([/?].*)?$/.exec(answer.trim()) ?? [];
  if (host === undefined || answer.includes("://")) return answer.trim();
  return `ws://${user}${host}${port}${path}`;
}

/** The servers in `mqtt.url`, each with the `tls` that counts for it. */
export function serversIn({
  url,
  tls,
}: {
  url?: unknown;
  tls?: unknown;
}): { url?: unknown; tls?: unknown }[] {
  return [url].flat().map((it) => (typeof it === "object" && it ? { tls, ...it } : { url: it, tls }));
}

/** The URL in a good `mqtt.url`, the first of several; undefined where there is none. */
export function firstUrl(url: unknown): unknown {
  return serversIn({ url })[0]?.url;
}
