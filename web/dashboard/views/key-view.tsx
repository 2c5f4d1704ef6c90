// The key of signed devices, typed in.

import { useState } from "preact/hooks";
import { forgetKey, takeKey } from "../app.ts";
import { words } from "../words.ts";
import type { Shown } from "./shown-device.ts";

const W = words.key;

export function KeyView({ app, device }: Shown) {
  const [text, setText] = useState("");
  const [all, setAll] = useState(false);
  const [wrong, setWrong] = useState(false);
  const own = app.signers.has(device.id);
  const submit = async (event: Event) => {
    event.preventDefault();
    const good = await takeKey(app, all ? "" : device.id, text);
    setWrong(!good);
    if (good) setText("");
  };
  if (own || app.signers.has(""))
    return (
      <section class="card" aria-label={W.head}>
        <h3>{W.head}</h3>
        <p role="status">{own ? W.has : W.hasAll}</p>
        <button type="button" onClick={() => forgetKey(app, own ? device.id : "")}>
          {W.forget}
        </button>
      </section>
    );
  return (
    <section class="card" aria-label={W.head}>
      <h3>{W.head}</h3>
      <p class="quiet">{W.intro}</p>
      <form onSubmit={submit}>
        <label>
          {W.field}
          <input
            type="password"
            autocomplete="off"
            value={text}
            aria-invalid={wrong}
            aria-describedby={wrong ? "key-wrong" : undefined}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <label class="check">
          <input type="checkbox" checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />
          {W.all}
        </label>
        {wrong && (
          <p id="key-wrong" class="wrong" role="alert">
            {W.wrong}
          </p>
        )}
        <button type="submit">{W.use}</button>
      </form>
    </section>
  );
}
