// One device, from its state to its updates.

import { type Fields, numberIn, shown } from "../../shared/shown.ts";
import { durationOf } from "../age.ts";
import { MAX_SHOWN } from "../limits.ts";
import type { Device } from "../records.ts";
import { words } from "../words.ts";
import { ConfigView } from "./config-view.tsx";
import { CurvesView } from "./curves-view.tsx";
import { State } from "./device-list.tsx";
import { KeyView } from "./key-view.tsx";
import { LogView } from "./log-view.tsx";
import { OrdersView } from "./orders-view.tsx";
import { PinsView } from "./pins-view.tsx";
import type { Shown } from "./shown-device.ts";
import { UpdateView } from "./update-view.tsx";

const W = words.device;

export function DeviceView({ app, device }: Shown) {
  const back = () => {
    app.chosen = undefined;
    app.changed();
  };
  return (
    <>
      <div class="row head">
        <button type="button" class="back" onClick={back}>
          ← {W.back}
        </button>
        <h2>{shown(device.id, MAX_SHOWN)}</h2>
        <State app={app} device={device} />
      </div>
      <div class="cards">
        <div class="stack">
          <PinsView app={app} device={device} />
          <CurvesView device={device} />
        </div>
        <div class="stack">
          <Facts device={device} />
          <OrdersView app={app} device={device} />
          <KeyView app={app} device={device} />
          <UpdateView app={app} device={device} />
        </div>
        <LogView app={app} device={device} />
        <ConfigView app={app} device={device} />
      </div>
    </>
  );
}

function Facts({ device }: { device: Device }) {
  const facts = factsOf(device);
  return (
    <section class="card" aria-label={W.facts}>
      <h3>{W.facts}</h3>
      <dl>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** What the device says of itself; what it does not say is left out. */
function factsOf({ status, telemetry }: Device): [label: string, value: string][] {
  const now: Fields = Object.assign(Object.create(null), status, telemetry);
  const text = (name: string) => shown(status[name], MAX_SHOWN);
  const number = (name: string, words: (n: number) => string) => {
    const value = numberIn(now, name);
    return value === undefined ? "" : words(value);
  };
  const plain = (n: number) => n.toLocaleString("en");
  const counts = ["in", "out", "dropped"].map((name) => number(name, plain));
  const all: [string, string][] = [
    [W.version, text("version")],
    [W.engine, text("engine")],
    [W.chip, text("chip")],
    [W.ip, text("ip")],
    [W.signal, number("rssi", W.dbm)],
    [W.free, number("jsVars", plain)],
    [W.low, number("jsVarsLow", plain)],
    [W.heap, number("heap", W.bytes)],
    [W.reconnects, number("reconnects", plain)],
    [W.uptime, number("uptimeS", durationOf)],
    [W.messages, counts.every(Boolean) ? counts.join(" / ") : ""],
    [W.waiting, number("outbox", plain)],
    [W.ping, number("pingMs", W.ms)],
    [W.reset, text("reset")],
    [W.restarted, text("restarted")],
    [W.lost, text("lost")],
  ];
  return all.filter(([, value]) => value);
}
