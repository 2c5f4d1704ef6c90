// The whole page: head, list, the chosen device.

import { useState } from "preact/hooks";
import type { App } from "../records.ts";
import { words } from "../words.ts";
import { DeviceList } from "./device-list.tsx";
import { DeviceView } from "./device-view.tsx";
import { Heard } from "./heard.tsx";
import { SettingsForm } from "./settings-form.tsx";

export function Page({ app }: { app: App }) {
  const [open, setOpen] = useState(app.standing === "apart");
  const device = app.chosen === undefined ? undefined : app.devices.get(app.chosen);
  return (
    <div class={device ? "page one" : "page"}>
      <a class="skip" href="#device">
        {words.skip}
      </a>
      <header>
        <h1>{words.title}</h1>
        <p class={`standing ${app.standing}`}>
          <span class="dot" aria-hidden="true" />
          {words.standingShort[app.standing]}
        </p>
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open && app.client ? words.settings.close : words.settings.change}
        </button>
      </header>
      {app.standing !== "connected" && (
        <p class={`notice ${app.standing}`} role="status">
          {words.standing[app.standing]}
        </p>
      )}
      {(open || app.standing === "denied") && <SettingsForm app={app} done={() => setOpen(false)} />}
      <main>
        <DeviceList app={app} />
        <section id="device" class="device" tabIndex={-1} aria-label={device?.id ?? words.device.choose}>
          {device ? (
            <DeviceView key={device.id} app={app} device={device} />
          ) : (
            <p class="quiet">{words.device.choose}</p>
          )}
        </section>
      </main>
      <Heard app={app} />
    </div>
  );
}
