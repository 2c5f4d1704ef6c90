// The live page: devices of one base at one broker.

import { render } from "preact";
import { onceAFrame } from "../shared/once-a-frame.ts";
import { connect, newApp } from "./app.ts";
import { AGE_EVERY_MS } from "./limits.ts";
import { firstSettings } from "./settings.ts";
import { Page } from "./views/page.tsx";

/** However many messages come. */
const changed = onceAFrame(() => draw());
const { settings, ready } = firstSettings(location.hash);
const app = newApp(settings, changed);
const draw = () => render(<Page app={app} />, document.getElementById("page")!);

if (ready) connect(app, settings);
draw();
setInterval(changed, AGE_EVERY_MS);
