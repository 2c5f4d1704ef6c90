// The picture of docs/sizes-and-bench.md: memory and speed of each stack side by side, as SVG, from the bench's JSON.
// It measures nothing. The bars of speed are logarithmic, because the stacks are far apart.

import type { Measured } from "./report.ts";

const WIDTH = 860;
const LABEL = 190;
const ROW = 22;

interface Panel {
  title: string;
  unit: string;
  value(row: Measured): number | undefined;
  log: boolean;
}

const PANELS: Panel[] = [
  { title: "JsVars connected, code in flash", unit: "", value: (row) => row.flash, log: false },
  {
    title: "publish 200 bytes, million instructions",
    unit: " M",
    value: (row) => million(row, "publish"),
    log: true,
  },
  {
    title: "receive 200 bytes, million instructions",
    unit: " M",
    value: (row) => million(row, "receive"),
    log: true,
  },
];

function million(row: Measured, way: string): number | undefined {
  const cost = row.speed?.[`${way} 200 bytes, QoS 0`] ?? row.speed?.[`${way} 20 bytes, QoS 0`];
  return cost && cost.instructions / 1e6;
}

function bar(panel: Panel, row: Measured, most: number, y: number): string {
  const value = panel.value(row);
  const scale = (n: number) => (panel.log ? Math.log10(1 + n * 20) : n);
  const length = value === undefined ? 0 : (scale(value) / scale(most)) * (WIDTH - LABEL - 90);
  const shown = value === undefined ? "not possible" : value.toFixed(panel.unit ? 2 : 0) + panel.unit;
  const colour = row.name.startsWith("ours") ? "#2a7" : "#999";
  return `<text x="${LABEL - 8}" y="${y + 15}" text-anchor="end">${row.name}</text>
<rect x="${LABEL}" y="${y + 3}" width="${length.toFixed(1)}" height="${ROW - 6}" fill="${colour}"/>
<text x="${(LABEL + length + 6).toFixed(1)}" y="${y + 15}">${shown}</text>`;
}

/** The whole picture. */
export function chart(rows: Measured[]): string {
  let y = 10;
  const parts: string[] = [];
  for (const panel of PANELS) {
    const most = Math.max(...rows.map((row) => panel.value(row) ?? 0));
    if (!most) continue;
    parts.push(`<text x="${LABEL}" y="${y + 14}" font-weight="bold">${panel.title}</text>`);
    y += ROW;
    for (const row of rows) {
      parts.push(bar(panel, row, most, y));
      y += ROW;
    }
    y += 14;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${y}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
${parts.join("\n")}
</svg>
`;
}
