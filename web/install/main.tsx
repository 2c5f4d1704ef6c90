// The installer: a page that does what flash.sh does.

import "./node/globals.ts";
import { render } from "preact";
import { findManifest } from "./downloads.ts";
import { newInstaller } from "./installer.ts";
import { InstallPage } from "./views/install-page.tsx";

let due = false;

function changed(): void {
  if (due) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    draw();
  });
}

const installer = newInstaller(changed);
const draw = () => render(<InstallPage it={installer} />, document.getElementById("page")!);

void findManifest().then((manifest) => {
  installer.manifest = manifest;
  changed();
});
draw();
