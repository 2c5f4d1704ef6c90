// A page as one HTML file: its style and its script stand in it, and a policy allows these two and nothing else.

import { createHash } from "node:crypto";

export interface Parts {
  /** With `<!-- policy -->`, `<!-- style -->` and `<!-- script -->` in it. */
  template: string;
  style: string;
  script: string;
  /** What the page may do besides, as Content Security Policy has it: `connect-src ws: wss:`. */
  allows: string[];
  /** Whether the script may make code from text. */
  evaluates: boolean;
}

export function htmlOf({ template, style, script, allows, evaluates }: Parts): string {
  // A text that would end the element, or begin a comment in it (HTML, 4.12.1.3).
  const code = script.replaceAll("</script", "<\\/script").replaceAll("<!--", "<\\!--");
  const rules = [
    "default-src 'none'",
    `script-src ${hashOf(code)}${evaluates ? " 'unsafe-eval'" : ""}`,
    `style-src ${hashOf(style)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    ...allows,
  ];
  return template
    .replace(
      "<!-- policy -->",
      () => `<meta http-equiv="Content-Security-Policy" content="${rules.join("; ")}">`,
    )
    .replace("<!-- style -->", () => `<style>${style}</style>`)
    .replace("<!-- script -->", () => `<script>${code}</script>`);
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
