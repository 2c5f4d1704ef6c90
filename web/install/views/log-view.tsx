// The steps, and the board's own lines.

import { useEffect, useRef, useState } from "preact/hooks";
import { clockOf } from "../../../tools/monitor/log-line.ts";
import { shown } from "../../shared/shown.ts";
import { type Installer, liveAddress } from "../installer.ts";
import { words } from "../words.ts";

const W = words.go;
const MAX_SHOWN = 2_000;

export function LogView({ it }: { it: Installer }) {
  const place = useRef<HTMLDivElement>(null);
  const [text, setText] = useState("");
  const last = it.lines[it.lines.length - 1];
  useEffect(() => place.current?.scrollTo(0, place.current.scrollHeight), [last]);
  const submit = (event: Event) => {
    event.preventDefault();
    it.events?.typed(text);
    setText("");
  };
  return (
    <>
      {it.work && !it.events && <p role="status">{W.working}</p>}
      <div class="log" role="log" aria-label={W.steps} ref={place} tabIndex={it.lines.length ? 0 : undefined}>
        {it.lines.map((line) => (
          <div key={line} class={`entry k${line.kind}`}>
            <time>{clockOf(line.at)}</time> {line.kind === "note" ? "-- " : ""}
            {shown(line.text, MAX_SHOWN)}
          </div>
        ))}
      </div>
      {it.status && <p class="quiet">{shown(it.status, MAX_SHOWN)}</p>}
      {it.up && (
        <p class="notice good">
          <a href={liveAddress(it)} target="_blank" rel="noreferrer">
            {W.live}
          </a>
        </p>
      )}
      {it.events && (
        <form class="row" onSubmit={submit}>
          <input
            aria-label={W.type}
            value={text}
            spellcheck={false}
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <button type="submit">{W.send}</button>
        </form>
      )}
    </>
  );
}
