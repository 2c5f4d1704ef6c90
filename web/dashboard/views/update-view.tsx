// Updates: what is installed, what is offered, how far it is, what became of it.

import { type Fields, numberIn, shown } from "../../shared/shown.ts";
import { MAX_SHOWN } from "../limits.ts";
import { isWaiting, order } from "../orders.ts";
import type { App } from "../records.ts";
import { words } from "../words.ts";
import type { Shown } from "./shown-device.ts";

const W = words.update;

export function UpdateView({ app, device }: Shown) {
  const { update } = device;
  const send = (word: string) => order(app, device, "cmd/update", word);
  const state = shown(update?.state, MAX_SHOWN);
  const percent = update && numberIn(update, "update_percentage");
  return (
    <section class="card" aria-label={W.head}>
      <h3>{W.head}</h3>
      {!update && <p class="quiet">{W.none}</p>}
      {update && (
        <>
          <p role="status">
            <strong>{Object.hasOwn(W.states, state) ? W.states[state] : state}</strong>
          </p>
          {state === "loading" && (
            <progress max={100} value={percent} aria-label={W.progress}>
              {percent} %
            </progress>
          )}
          <Versions update={update} />
          <div class="row">
            {(["check", "install", "cancel"] as const).map((word) => (
              <button
                key={word}
                type="button"
                disabled={isWaiting(device, "cmd/update")}
                onClick={() => send(word)}
              >
                {W[word]}
              </button>
            ))}
          </div>
        </>
      )}
      <Offers app={app} />
    </section>
  );
}

function Versions({ update }: { update: Fields }) {
  const text = (name: string) => shown(update[name], MAX_SHOWN);
  const all: [string, string][] = [
    [W.installed, text("installed_version")],
    [W.offered, text("latest_version") === text("installed_version") ? "" : text("latest_version")],
    [W.refused, text("refused_version")],
    [W.why, text("why")],
  ];
  return (
    <dl>
      {all
        .filter(([, value]) => value)
        .map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}

/** What the broker offers to all: manifests by channel. */
function Offers({ app }: { app: App }) {
  if (!app.offers.size) return null;
  const line = (channel: string, offer: Fields | undefined) => {
    const text = (name: string) => shown(offer?.[name], MAX_SHOWN);
    if (!offer) return W.takenBack(shown(channel, MAX_SHOWN));
    return W.offer(shown(channel, MAX_SHOWN), text("app"), text("version"), text("counter"), text("share"));
  };
  return (
    <>
      <h4>{W.channels}</h4>
      <ul class="plain">
        {[...app.offers].map(([channel, offer]) => (
          <li key={channel}>{line(channel, offer)}</li>
        ))}
      </ul>
    </>
  );
}
