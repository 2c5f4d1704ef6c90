// The remote log: errors and warnings, the newest first.

import { useState } from "preact/hooks";
import { shown } from "../../shared/shown.ts";
import { clockOf } from "../age.ts";
import { MAX_SHOWN } from "../limits.ts";
import { words } from "../words.ts";
import type { Shown } from "./shown-device.ts";

const W = words.log;

export function LogView({ app, device }: Shown) {
  const [only, setOnly] = useState("all");
  const lines = device.log.filter(({ level }) => only === "all" || level === "error").reverse();
  return (
    <section class="card wide" aria-label={W.head}>
      <div class="row">
        <h3>{W.head}</h3>
        <label>
          {W.show}{" "}
          <select value={only} onChange={(event) => setOnly(event.currentTarget.value)}>
            <option value="all">{W.all}</option>
            <option value="error">{W.errors}</option>
          </select>
        </label>
      </div>
      {!lines.length && <p class="quiet">{W.none}</p>}
      <div class="log" role="log" aria-label={W.head}>
        <ol>
          {lines.map((line) => (
            <li key={line} class={line.level}>
              <time>{clockOf(line.at, app.now())}</time> <span class="level">{W[line.level]}</span>{" "}
              {shown(line.text, MAX_SHOWN * 2)}
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}
