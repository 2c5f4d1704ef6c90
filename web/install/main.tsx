// The installer: a page that does what flash.sh does.

import "./node/globals.ts";
import { render } from "preact";
import { onceAFrame } from "../shared/once-a-frame.ts";
import { findManifest } from "./downloads.ts";
import { newInstaller } from "./installer.ts";
import { InstallPage } from "./views/install-page.tsx";

const changed = onceAFrame(() => draw());
const installer = newInstaller(changed);
const draw = () => render(<InstallPage it={installer} />, document.getElementById("page")!);

void findManifest().then((manifest) => {
  installer.manifest = manifest;
  changed();
});
draw();
