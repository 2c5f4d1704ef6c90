// The whole installer, step by step.

import { PROGRAMS } from "../choice.ts";
import { check, type Installer, install, makeImage, readConfig, run, watchOnly } from "../installer.ts";
import { words } from "../words.ts";
import { ConfigForm } from "./config-form.tsx";
import { EspruinoForm } from "./espruino-form.tsx";
import { LogView } from "./log-view.tsx";

const W = words.go;

export function InstallPage({ it }: { it: Installer }) {
  const busy = it.work !== "";
  const serial = "serial" in navigator;
  const put = (change: Partial<Installer>) => {
    Object.assign(it, change);
    it.changed();
  };
  return (
    <div class="page">
      <header>
        <h1>{words.title}</h1>
      </header>
      <p class="quiet">{words.intro}</p>
      {!serial && (
        <p class="notice" role="status">
          {words.unsupported} <code>{words.command}</code>
        </p>
      )}
      <main>
        <section class="card" aria-label={words.program.head}>
          <h2>{words.program.head}</h2>
          <label>
            {words.program.label}{" "}
            <select
              value={it.form.program}
              onChange={(event) =>
                put({ form: { ...it.form, program: event.currentTarget.value }, mistakes: undefined })
              }
            >
              {PROGRAMS.map((name) => (
                <option key={name} value={name}>
                  {words.program.names[name] ?? name}
                </option>
              ))}
            </select>
          </label>
        </section>
        <ConfigForm
          it={it}
          put={put}
          read={() => run(it, "read", readConfig)}
          check={() => run(it, "check", check)}
          serial={serial}
        />
        <EspruinoForm it={it} put={put} />
        <section class="card" aria-label={W.head}>
          <h2>{W.head}</h2>
          <label class="check">
            <input
              type="checkbox"
              checked={it.erase}
              onChange={(event) => put({ erase: event.currentTarget.checked })}
            />
            {W.erase}
          </label>
          <label class="check">
            <input
              type="checkbox"
              checked={it.noBle}
              onChange={(event) => put({ noBle: event.currentTarget.checked })}
            />
            {W.noBle}
          </label>
          <div class="row">
            <button
              type="button"
              class="main"
              disabled={busy || !serial}
              onClick={() => run(it, "install", install)}
            >
              {W.install}
            </button>
            <button type="button" disabled={busy || !serial} onClick={() => run(it, "watch", watchOnly)}>
              {W.watch}
            </button>
            <button type="button" disabled={busy} onClick={() => run(it, "image", makeImage)}>
              {W.image}
            </button>
            {busy && it.interrupt && (
              <button type="button" onClick={() => it.interrupt?.()}>
                {W.stop}
              </button>
            )}
          </div>
          <LogView it={it} />
        </section>
      </main>
    </div>
  );
}
