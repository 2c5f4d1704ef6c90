// The configuration as a form, and the trial of a changed one.

import { useState } from "preact/hooks";
import { type Fields, shown } from "../../shared/shown.ts";
import { changeOf, type Draft, isPath, type Leaf, leavesOf, typedValue } from "../config-draft.ts";
import { MAX_COMMAND_BYTES, MAX_SHOWN } from "../limits.ts";
import { isWaiting, order } from "../orders.ts";
import { isOver, type Trial } from "../trial.ts";
import { words } from "../words.ts";
import type { Shown } from "./shown-device.ts";

const W = words.config;

export function ConfigView({ app, device }: Shown) {
  const { config, trial } = device;
  return (
    <section class="card wide" aria-label={W.head}>
      <div class="row">
        <h3>{W.head}</h3>
        <button
          type="button"
          disabled={isWaiting(device, "cmd/config-get")}
          onClick={() => order(app, device, "cmd/config-get")}
        >
          {config ? W.readAgain : W.read}
        </button>
      </div>
      {trial && <TrialView trial={trial} />}
      {config && <ConfigForm key={config} app={app} device={device} config={config} />}
    </section>
  );
}

function TrialView({ trial }: { trial: Trial }) {
  const over = isOver(trial);
  return (
    <p class={`trial ${over ? trial.step.replace(" ", "-") : "running"}`} role="status" aria-busy={!over}>
      {W.trial[trial.step]}
      {trial.why && `: ${shown(trial.why, MAX_SHOWN)}`}
    </p>
  );
}

function ConfigForm({ app, device, config }: Shown & { config: Fields }) {
  const [draft, setDraft] = useState<Draft>(new Map());
  const put = (path: string, value: unknown) => setDraft((now) => new Map(now).set(path, value));
  const undo = (path: string) => setDraft((now) => new Map([...now].filter(([name]) => name !== path)));
  const known = leavesOf(config);
  const added = [...draft.keys()].filter((path) => !known.some((leaf) => leaf.path === path));
  const rows = [...known, ...added.map((path) => ({ path, value: draft.get(path) }))];
  const change = changeOf(config, draft);
  const text = change ? JSON.stringify(change) : "";
  const bytes = new TextEncoder().encode(text).length;
  const send = (event: Event) => {
    event.preventDefault();
    order(app, device, "cmd/config-set", text);
  };
  return (
    <form onSubmit={send}>
      <p class="quiet">{W.hint}</p>
      <div class="leaves">
        {rows.map((leaf) => (
          <LeafRow key={leaf.path} leaf={leaf} draft={draft} put={put} undo={undo} />
        ))}
      </div>
      <AddKey put={put} />
      <h4>{W.changes}</h4>
      {change ? (
        <pre class="change">{shown(text, MAX_COMMAND_BYTES)}</pre>
      ) : (
        <p class="quiet">{W.noChange}</p>
      )}
      {bytes > MAX_COMMAND_BYTES && (
        <p class="wrong" role="alert">
          {W.tooLarge(bytes, MAX_COMMAND_BYTES)}
        </p>
      )}
      <button
        type="submit"
        class="main"
        disabled={!change || bytes > MAX_COMMAND_BYTES || isWaiting(device, "cmd/config-set")}
      >
        {W.send}
      </button>
    </form>
  );
}

interface RowProps {
  leaf: Leaf;
  draft: Draft;
  put(path: string, value: unknown): void;
  undo(path: string): void;
}

function LeafRow({ leaf: { path, value }, draft, put, undo }: RowProps) {
  const changed = draft.has(path);
  const now = changed ? draft.get(path) : value;
  const name = shown(path, MAX_SHOWN);
  const id = `config-${path}`;
  return (
    <div class={changed ? "leaf changed" : "leaf"}>
      <label for={id}>{name}</label>
      {changed && now === undefined ? (
        <em>{W.removed}</em>
      ) : (
        <Field id={id} value={now} put={(next) => put(path, next)} />
      )}
      {changed ? (
        <button type="button" aria-label={`${W.restore}: ${name}`} onClick={() => undo(path)}>
          {W.restore}
        </button>
      ) : (
        <button type="button" aria-label={W.remove(name)} onClick={() => put(path, undefined)}>
          ✕
        </button>
      )}
    </div>
  );
}

/** A field by the kind of its value. */
function Field({ id, value, put }: { id: string; value: unknown; put(value: unknown): void }) {
  if (typeof value === "boolean")
    return (
      <input id={id} type="checkbox" checked={value} onChange={(event) => put(event.currentTarget.checked)} />
    );
  if (typeof value === "number")
    return (
      <input
        id={id}
        type="number"
        step="any"
        value={value}
        onInput={(event) => {
          const { valueAsNumber } = event.currentTarget;
          if (!Number.isNaN(valueAsNumber)) put(valueAsNumber);
        }}
      />
    );
  if (typeof value === "string") return <TextField id={id} value={value} put={put} />;
  return <JsonField id={id} value={value} put={put} />;
}

/** Names of secrets: what is typed there is not shown. */
const SECRET = /(^|[.-])(password|key|keys|psk|secret|token)$/;

function TextField({ id, value, put }: { id: string; value: string; put(value: unknown): void }) {
  const common = {
    id,
    value,
    autocomplete: "off" as const,
    spellcheck: false,
    onInput: (event: { currentTarget: { value: string } }) => put(event.currentTarget.value),
  };
  return SECRET.test(id) ? <input type="password" {...common} /> : <input type="text" {...common} />;
}

function JsonField({ id, value, put }: { id: string; value: unknown; put(value: unknown): void }) {
  const [text, setText] = useState(() => JSON.stringify(value));
  const wrong = typedValue(text) === undefined;
  const take = (next: string) => {
    setText(next);
    const typed = typedValue(next);
    if (typed !== undefined) put(typed);
  };
  return (
    <>
      <textarea
        id={id}
        aria-invalid={wrong}
        value={text}
        onInput={(event) => take(event.currentTarget.value)}
      />
      {wrong && (
        <span class="wrong" role="alert">
          {W.wrongJson}
        </span>
      )}
    </>
  );
}

function AddKey({ put }: Pick<RowProps, "put">) {
  const [path, setPath] = useState("");
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState("");
  const add = () => {
    const value = typedValue(text);
    const mistake = !isPath(path.trim()) ? W.wrongPath : value === undefined ? W.wrongJson : "";
    setWrong(mistake);
    if (mistake) return;
    put(path.trim(), value);
    setPath("");
    setText("");
  };
  return (
    <div class="row add">
      <label>
        {W.path}
        <input value={path} spellcheck={false} onInput={(event) => setPath(event.currentTarget.value)} />
      </label>
      <label>
        {W.value}
        <input value={text} spellcheck={false} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <button type="button" onClick={add}>
        {W.add}
      </button>
      {wrong && (
        <p class="wrong" role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}
