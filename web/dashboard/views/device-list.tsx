// All devices: one line each, to be found and chosen.

import { useState } from "preact/hooks";
import { numberIn, shown } from "../../shared/shown.ts";
import { ageOf } from "../age.ts";
import { MAX_DEVICES, MAX_SHOWN } from "../limits.ts";
import type { App, Device } from "../records.ts";
import { words } from "../words.ts";

const W = words.list;
/** From so many devices on there is a field to find one. */
const MANY = 8;

export function DeviceList({ app }: { app: App }) {
  const [wanted, setWanted] = useState("");
  const all = [...app.devices.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const found = all.filter(({ id }) => id.toLowerCase().includes(wanted.trim().toLowerCase()));
  const online = all.filter(({ state }) => state === "online").length;
  return (
    <nav class="list" aria-label={W.head}>
      <p class="quiet count">{W.count(all.length, online)}</p>
      {all.length >= MANY && (
        <label class="find">
          {W.find}
          <input type="search" value={wanted} onInput={(event) => setWanted(event.currentTarget.value)} />
        </label>
      )}
      {!all.length && app.standing === "connected" && <p class="quiet">{W.none}</p>}
      {!!all.length && !found.length && <p class="quiet">{W.noMatch}</p>}
      <ul>
        {found.map((device) => (
          <li key={device.id}>
            <Row app={app} device={device} />
          </li>
        ))}
      </ul>
      {!!app.unseen.size && <p class="wrong">{W.over(MAX_DEVICES, app.unseen.size)}</p>}
    </nav>
  );
}

function Row({ app, device }: { app: App; device: Device }) {
  const { status, telemetry } = device;
  const number = (name: string) => numberIn(telemetry, name) ?? numberIn(status, name);
  const rssi = number("rssi");
  const facts: [string, string | undefined][] = [
    [W.columns.signal, rssi === undefined ? undefined : words.device.dbm(rssi)],
    [W.columns.free, number("jsVars")?.toLocaleString("en")],
    [W.columns.reconnects, number("reconnects")?.toString()],
    [W.columns.version, shown(status.version, MAX_SHOWN) || undefined],
  ];
  const choose = () => {
    app.chosen = device.id;
    app.changed();
    // On a narrow screen the device is hidden until it is drawn.
    requestAnimationFrame(() => document.getElementById("device")?.focus());
  };
  return (
    <button
      type="button"
      class="line"
      aria-current={app.chosen === device.id ? "true" : undefined}
      onClick={choose}
    >
      <span class="name">{shown(device.id, MAX_SHOWN)}</span>
      <State app={app} device={device} />
      <span class="facts">
        {facts.map(
          ([label, value]) => value !== undefined && <Fact key={label} label={label} value={value} />,
        )}
      </span>
    </button>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <span class="fact">
      <span class="label">{label}</span> {value}
    </span>
  );
}

/** The state with its age, and why the device is offline. */
export function State({ app, device }: { app: App; device: Device }) {
  const { state, since } = device;
  const known = state === "online" || state === "restarting" || state === "offline";
  const name = known
    ? words.state[state]
    : state
      ? words.state.other(shown(state, MAX_SHOWN))
      : words.state.unknown;
  const age = since === undefined ? words.state.before : words.state.since(ageOf(since, app.now()));
  return (
    <span class="state">
      <span class={`badge ${known ? state : "unknown"}`}>{name}</span>
      {state && <span class="quiet"> {age}</span>}
      {state === "offline" && <span class="quiet">, {reasonOf(device)}</span>}
    </span>
  );
}

function reasonOf({ status }: Device): string {
  const reason = shown(status.reason, MAX_SHOWN);
  return reason === "lost" || !reason ? words.device.lostWords : reason;
}
