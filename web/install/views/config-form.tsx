// Wi-Fi, broker, name and pins. Each mistake that the firmware finds stands beside its field.

import { type Form, isDevice } from "../choice.ts";
import type { Installer } from "../installer.ts";
import { words } from "../words.ts";

const W = words.config;
const USES = ["output", "input", "analog", "pwm"];

interface Props {
  it: Installer;
  serial: boolean;
  put(change: Partial<Installer>): void;
  read(): void;
  check(): void;
}

export function ConfigForm({ it, put, read, check, serial }: Props) {
  const { form, mistakes = [] } = it;
  // Of the form as it is, not as it was drawn last: the next letter may come before that.
  const change = (next: Partial<Form>) => put({ form: { ...it.form, ...next } });
  const about = (key: string) => mistakes.filter((mistake) => mistake.startsWith(`${key}:`));
  const own = ["wifi.ssid", "wifi.password", "mqtt.url", "mqtt.tls", "device.id"];
  const others = mistakes.filter((mistake) => !own.some((key) => mistake.startsWith(`${key}:`)));
  const common = (name: "ssid" | "password" | "url" | "id", key: string, hint: string) => ({
    id: `form-${name}`,
    value: form[name],
    placeholder: hint,
    autocomplete: "off" as const,
    spellcheck: false,
    "aria-invalid": about(key).length > 0,
    "aria-describedby": `form-${name}-wrong`,
    onInput: (event: { currentTarget: { value: string } }) => change({ [name]: event.currentTarget.value }),
  });
  const text = (name: "ssid" | "password" | "url" | "id", label: string, key: string, hint = "") => (
    <Field label={label} wrong={about(key)} id={`form-${name}`}>
      {name === "password" ? (
        <input type="password" {...common(name, key, hint)} />
      ) : (
        <input type="text" {...common(name, key, hint)} />
      )}
    </Field>
  );
  return (
    <section class="card" aria-label={W.head}>
      <div class="row">
        <h2>{W.head}</h2>
        <button type="button" disabled={it.work !== "" || !serial} onClick={read}>
          {W.read}
        </button>
      </div>
      {text("ssid", W.ssid, "wifi.ssid")}
      {text("password", W.password, "wifi.password")}
      {text("url", W.url, "mqtt.url", W.urlHint)}
      {/^wss:/i.test(form.url.trim()) && (
        <label class="check">
          <input
            type="checkbox"
            checked={form.unverified}
            onChange={(event) => change({ unverified: event.currentTarget.checked })}
          />
          {W.unverified}
        </label>
      )}
      {isDevice(form) && text("id", W.id, "device.id", W.idHint)}
      {isDevice(form) && <Pins it={it} change={change} />}
      <details>
        <summary>{W.rest}</summary>
        <textarea
          aria-label={W.rest}
          rows={6}
          spellcheck={false}
          value={form.rest}
          onInput={(event) => change({ rest: event.currentTarget.value })}
        />
      </details>
      {!!others.length && (
        <div class="wrong" role="alert">
          {W.other}
          <ul>
            {others.map((mistake) => (
              <li key={mistake}>{mistake}</li>
            ))}
          </ul>
        </div>
      )}
      <div class="row">
        <button type="button" disabled={it.work !== ""} onClick={check}>
          {W.check}
        </button>
        {it.mistakes && !mistakes.length && <span role="status">{W.good}</span>}
      </div>
    </section>
  );
}

function Field({
  id,
  label,
  wrong,
  children,
}: {
  id: string;
  label: string;
  wrong: string[];
  children: preact.ComponentChildren;
}) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      <span id={`${id}-wrong`} class="wrong" role="alert">
        {wrong.join("; ")}
      </span>
    </div>
  );
}

function Pins({ it, change }: { it: Installer; change(next: Partial<Form>): void }) {
  const { pins } = it.form;
  const put = (index: number, next: Partial<Form["pins"][number]>) =>
    change({ pins: it.form.pins.map((pin, i) => (i === index ? { ...pin, ...next } : pin)) });
  return (
    <fieldset>
      <legend>{W.pins}</legend>
      {pins.map((pin, i) => (
        // Rows have no name of their own until one is typed.
        <div class="row pin" key={i}>
          <input
            value={pin.name}
            placeholder={W.pinName}
            aria-label={`${W.pinName} ${W.pinNumber(i + 1)}`}
            onInput={(event) => put(i, { name: event.currentTarget.value })}
          />
          <input
            value={pin.pin}
            placeholder="D5"
            aria-label={`${W.pin} ${W.pinNumber(i + 1)}`}
            onInput={(event) => put(i, { pin: event.currentTarget.value })}
          />
          <select
            value={pin.use}
            aria-label={`${W.use} ${W.pinNumber(i + 1)}`}
            onChange={(event) => put(i, { use: event.currentTarget.value })}
          >
            {USES.map((use) => (
              <option key={use}>{use}</option>
            ))}
          </select>
          <button
            type="button"
            aria-label={W.removePin(i + 1)}
            onClick={() => change({ pins: it.form.pins.filter((_, n) => n !== i) })}
          >
            ✕
          </button>
        </div>
      ))}
      <button
        type="button"
        onClick={() => change({ pins: [...it.form.pins, { name: "", pin: "", use: "output" }] })}
      >
        {W.addPin}
      </button>
    </fieldset>
  );
}
