// Commands, and every answer.

import { useState } from "preact/hooks";
import { shown } from "../../shared/shown.ts";
import { clockOf } from "../age.ts";
import { MAX_ANSWER, MAX_SHOWN } from "../limits.ts";
import { isWaiting, order } from "../orders.ts";
import type { Order } from "../records.ts";
import { words } from "../words.ts";
import type { Shown } from "./shown-device.ts";

const W = words.orders;
const MAX_INTERVAL_S = 86_400;

export function OrdersView({ app, device }: Shown) {
  return (
    <section class="card" aria-label={W.head}>
      <h3>{W.head}</h3>
      <div class="commands">
        <Plain app={app} device={device} name="memory" />
        <Plain app={app} device={device} name="scan" />
        <WithValue app={app} device={device} name="identify" kind="text" />
        <WithValue app={app} device={device} name="log" kind="level" />
        <WithValue app={app} device={device} name="telemetry" kind="seconds" />
        <Restart app={app} device={device} />
      </div>
      <h4>{W.answers}</h4>
      {!device.orders.length && <p class="quiet">{W.none}</p>}
      <ol class="orders" aria-label={W.answers}>
        {[...device.orders].reverse().map((made) => (
          <li key={made} class={made.outcome}>
            <Answer made={made} now={app.now()} />
          </li>
        ))}
      </ol>
    </section>
  );
}

type Name = keyof typeof W.says;

function Plain({ app, device, name }: Shown & { name: Name }) {
  const topic = `cmd/${name}`;
  return (
    <button type="button" disabled={isWaiting(device, topic)} onClick={() => order(app, device, topic)}>
      {W.says[name]}
    </button>
  );
}

function WithValue({ app, device, name, kind }: Shown & { name: Name; kind: "text" | "level" | "seconds" }) {
  const [value, setValue] = useState(kind === "level" ? "2" : kind === "seconds" ? "60" : "");
  const topic = `cmd/${name}`;
  const put = (event: { currentTarget: { value: string } }) => setValue(event.currentTarget.value);
  const submit = (event: Event) => {
    event.preventDefault();
    order(app, device, topic, value.trim());
  };
  const id = `${name}-value`;
  return (
    <form class="row" onSubmit={submit}>
      <label for={id}>{W.says[name]}</label>
      {kind === "level" && (
        <select id={id} value={value} onChange={put}>
          {["0", "1", "2", "3", "4"].map((level) => (
            <option key={level}>{level}</option>
          ))}
        </select>
      )}
      {kind === "seconds" && (
        <input id={id} type="number" min={0} max={MAX_INTERVAL_S} required value={value} onInput={put} />
      )}
      {kind === "text" && <input id={id} value={value} placeholder={W.identify} onInput={put} />}
      <button type="submit" disabled={isWaiting(device, topic)} aria-label={`${W.send}: ${W.says[name]}`}>
        {W.send}
      </button>
    </form>
  );
}

function Restart({ app, device }: Shown) {
  const [asked, setAsked] = useState(false);
  const restart = () => {
    setAsked(false);
    order(app, device, "cmd/restart");
  };
  if (!asked)
    return (
      <button type="button" disabled={isWaiting(device, "cmd/restart")} onClick={() => setAsked(true)}>
        {W.says.restart}
      </button>
    );
  return (
    <div class="row" role="alertdialog" aria-label={W.sure}>
      {W.sure}
      <button type="button" class="danger" onClick={restart}>
        {W.yes}
      </button>
      <button type="button" onClick={() => setAsked(false)}>
        {W.no}
      </button>
    </div>
  );
}

function Answer({ made, now }: { made: Order; now: number }) {
  const { topic, payload, outcome, answer, signed, at, timer } = made;
  const asked = timer !== undefined;
  const distrust = asked ? undefined : W.disbelieved[answer];
  return (
    <>
      <time>{clockOf(at, now)}</time> <code>{shown(`${topic} ${payload}`.trim(), MAX_SHOWN)}</code>{" "}
      <span class="outcome">{distrust ?? (asked ? W.outcome[outcome] : W.unasked)}</span>
      {signed !== undefined && <span class="outcome"> ({signed ? W.signed : W.unchecked})</span>}
      {!distrust && answer && <pre>{shown(answer, MAX_ANSWER)}</pre>}
    </>
  );
}
