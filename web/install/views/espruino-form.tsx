// The files of Espruino: chosen, dropped in, or beside the page.

import { useState } from "preact/hooks";
import { downloadFrom } from "../downloads.ts";
import type { Installer } from "../installer.ts";
import { words } from "../words.ts";

const W = words.espruino;

export function EspruinoForm({ it, put }: { it: Installer; put(change: Partial<Installer>): void }) {
  const [wrong, setWrong] = useState("");
  const take = async (files: File[]) => {
    setWrong("");
    try {
      put({ download: await downloadFrom(files), firmware: true });
    } catch (error) {
      setWrong((error as Error).message);
      put({ download: undefined });
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    void filesIn([...(event.dataTransfer?.items ?? [])]).then(take, (error: Error) =>
      setWrong(error.message),
    );
  };
  const { download, manifest } = it;
  return (
    <section class="card" aria-label={W.head} onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <h2>{W.head}</h2>
      <label class="check">
        <input
          type="checkbox"
          checked={it.firmware}
          onChange={(event) => put({ firmware: event.currentTarget.checked })}
        />
        {W.write}
      </label>
      {it.firmware && (
        <>
          {manifest && (
            <p class="quiet">{W.beside([manifest.name, manifest.version].filter(Boolean).join(" "))}</p>
          )}
          <label>
            {W.files}
            <input
              type="file"
              multiple
              accept=".zip,.tgz,.gz,.bin"
              onChange={(event) => take([...(event.currentTarget.files ?? [])])}
            />
          </label>
          <label>
            {W.folder}
            <input
              type="file"
              {...{ webkitdirectory: true }}
              onChange={(event) => take([...(event.currentTarget.files ?? [])])}
            />
          </label>
          <p role="status">
            {download
              ? W.chosen(download.chip, download.parts.map(({ name }) => name).join(", "))
              : !manifest && W.none}
          </p>
          {wrong && (
            <p class="wrong" role="alert">
              {wrong}
            </p>
          )}
        </>
      )}
    </section>
  );
}

/** Files of what was dropped, those of a folder, too. */
async function filesIn(items: DataTransferItem[]): Promise<File[]> {
  const entries = items.map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  const lists = await Promise.all(entries.map(filesOf));
  return lists.flat();
}

async function filesOf(entry: FileSystemEntry): Promise<File[]> {
  if (entry.isFile)
    return [await new Promise<File>((done, fail) => (entry as FileSystemFileEntry).file(done, fail))];
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const inside: FileSystemEntry[] = [];
  for (;;) {
    // Each call gives some of them, at most 100 in Chromium; none at the end.
    const some = await new Promise<FileSystemEntry[]>((done, fail) => reader.readEntries(done, fail));
    if (!some.length) break;
    inside.push(...some);
  }
  return (await Promise.all(inside.filter(({ isFile }) => isFile).map(filesOf))).flat();
}
