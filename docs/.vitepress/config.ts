// The site: README as its front page, the pages of docs/ behind it, as they stand. A link that leads nowhere fails the build.

import { defineConfig } from "vitepress";
import { slug } from "../../tools/docs/pages.ts";

const page = (text: string, name: string) => ({ text, link: `/docs/${name}` });

/** Pages outside of this folder do not find what is installed in it: where they are rendered, Vue stays an import. */
const vueIsHere = {
  name: "vue-is-here",
  enforce: "pre" as const,
  resolveId(id: string, _from: string | undefined, { ssr }: { ssr?: boolean }) {
    return ssr && /^vue(\/server-renderer)?$/.test(id) ? { id, external: true } : undefined;
  },
};

export default defineConfig({
  title: "espruino-mqtt-ws",
  description: "MQTT over WebSocket firmware for the ESP32 under Espruino",
  // The whole repository, so that links mean on the site what they mean in it.
  srcDir: "..",
  srcExclude: ["{src,board,tools,test,bench,examples,templates,release,dist,node_modules,coverage}/**"],
  outDir: ".vitepress/dist",
  cacheDir: ".vitepress/cache",
  rewrites: { "README.md": "index.md" },
  cleanUrls: false,
  lastUpdated: false,
  markdown: {
    anchor: { slugify: slug },
    headers: { slugify: slug },
    toc: { slugify: slug },
  },
  vite: { plugins: [vueIsHere] },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    sidebar: [
      {
        text: "Use it",
        items: [
          page("Install from npm", "install"),
          page("Flash a board", "flash"),
          page("Configuration", "configuration"),
          page("A device without code", "device"),
          page("Set a device up with a phone", "setup"),
          page("Update boards", "update"),
          page("Final words", "final-words"),
          page("Brokers", "brokers"),
        ],
      },
      {
        text: "Build on it",
        items: [
          page("Use the module", "module"),
          page("Write an app", "own-app"),
          page("MQTT 5", "mqtt5"),
          page("Test on a PC", "testing"),
        ],
      },
      {
        text: "Trust it",
        items: [
          page("Security", "security"),
          page("Signed messages", "signing"),
          page("Sizes and bench", "sizes-and-bench"),
          page("A fleet", "fleet"),
          page("Limitations", "limitations"),
          page("Comparison", "comparison"),
        ],
      },
      {
        text: "Change it",
        items: [
          { text: "Contributing", link: "/CONTRIBUTING" },
          { text: "From src to dist", link: "/build/README" },
          page("Rules of the engine", "engine"),
          page("Decisions", "decisions"),
          { text: "Changelog", link: "/CHANGELOG" },
        ],
      },
    ],
  },
});
