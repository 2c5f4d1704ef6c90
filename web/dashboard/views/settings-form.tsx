// The form for broker, user, password and base.

import { useState } from "preact/hooks";
import { connect, leave } from "../app.ts";
import type { App } from "../records.ts";
import { type Settings, type Wrong, wrongIn } from "../settings.ts";
import { words } from "../words.ts";

const W = words.settings;

export function SettingsForm({ app, done }: { app: App; done: () => void }) {
  const [draft, setDraft] = useState<Settings>(app.settings);
  const [wrong, setWrong] = useState<Wrong | undefined>();
  const put = (change: Partial<Settings>) => setDraft((now) => ({ ...now, ...change }));
  const submit = (event: Event) => {
    event.preventDefault();
    const settings = { ...draft, url: draft.url.trim(), base: draft.base.trim() };
    const mistake = wrongIn(settings, location.protocol);
    setWrong(mistake);
    if (mistake) return;
    connect(app, settings);
    done();
  };
  const text = (name: "url" | "user" | "base", label: string, hint = "") => (
    <label>
      {label}
      <input
        name={name}
        value={draft[name]}
        placeholder={hint}
        autocomplete={name === "user" ? "username" : "off"}
        spellcheck={false}
        aria-invalid={wrong !== undefined && (wrong === "base") === (name === "base") && name !== "user"}
        aria-describedby={wrong ? "settings-wrong" : undefined}
        onInput={(event) => put({ [name]: event.currentTarget.value })}
      />
    </label>
  );
  return (
    <form class="card settings" onSubmit={submit} aria-label={W.head}>
      <h2>{W.head}</h2>
      <p class="quiet">{W.intro}</p>
      {text("url", W.url, W.urlHint)}
      {text("user", W.user)}
      <label>
        {W.password}
        <input
          name="password"
          type="password"
          value={draft.password}
          autocomplete="current-password"
          onInput={(event) => put({ password: event.currentTarget.value })}
        />
      </label>
      {text("base", W.base, W.baseHint)}
      <label class="check">
        <input
          type="checkbox"
          checked={draft.keep}
          onChange={(event) => put({ keep: event.currentTarget.checked })}
        />
        {W.keep}
      </label>
      {wrong && (
        <p id="settings-wrong" class="wrong" role="alert">
          {W.wrong[wrong]}
        </p>
      )}
      <div class="row">
        <button type="submit" class="main">
          {W.connect}
        </button>
        {app.client && (
          <button type="button" onClick={() => leave(app)}>
            {W.leave}
          </button>
        )}
      </div>
    </form>
  );
}
