// Lines in a frame with two axes, as SVG. Knows nothing of fleets.

export interface Line {
  name: string;
  colour: string;
  /** Points from left to right. */
  points: [x: number, y: number][];
}

export interface Frame {
  title: string;
  x: number;
  y: number;
  width: number;
  height: number;
  /** The largest value of each axis; both begin at 0. */
  most: [x: number, y: number];
  /** Words at the axes. */
  says: [x: string, y: string];
  /** A logarithmic vertical axis, from 1 on. */
  log?: boolean;
}

/** Numbers at an axis, at most. */
const MARKS = 5;

export function plot(frame: Frame, lines: Line[]): string {
  const { title, x, y, width, height, says } = frame;
  const { across, up } = scales(frame);
  const bottom = y + height;
  const marks = [
    ...steps(frame.most[0]).map((n) => text(across(n), bottom + 14, `${n}`, "middle")),
    ...(frame.log ? decades(frame.most[1]) : steps(frame.most[1])).map(
      (n) =>
        `<line x1="${x}" x2="${x + width}" y1="${round(up(n))}" y2="${round(up(n))}" stroke="#ddd"/>` +
        text(x - 5, up(n) + 4, `${n}`, "end"),
    ),
  ];
  return [
    text(x, y - 8, title, "start", true),
    ...marks,
    `<line x1="${x}" x2="${x + width}" y1="${bottom}" y2="${bottom}" stroke="#333"/>`,
    text(x + width, bottom + 28, says[0], "end"),
    text(x + width, y - 8, says[1], "end"),
    ...lines.map(
      ({ colour, points }) =>
        `<polyline fill="none" stroke="${colour}" stroke-width="1.5" points="${points
          .map(([a, b]) => `${round(across(a))},${round(up(b))}`)
          .join(" ")}"/>`,
    ),
  ].join("\n");
}

/** The names of lines, beside each other. */
export function legend(x: number, y: number, lines: { name: string; colour: string }[]): string {
  let at = x;
  return lines
    .map(({ name, colour }) => {
      const here = at;
      at += 40 + name.length * 7;
      return `<rect x="${here}" y="${y - 9}" width="14" height="10" fill="${colour}"/>${text(here + 20, y, name, "start")}`;
    })
    .join("\n");
}

export function page(width: number, height: number, parts: string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
${parts.join("\n")}
</svg>
`;
}

function scales({ x, y, width, height, most, log }: Frame) {
  const share = (n: number) =>
    log ? Math.log10(Math.max(1, n)) / Math.log10(Math.max(10, most[1])) : n / most[1];
  return {
    across: (n: number) => x + (n / most[0]) * width,
    up: (n: number) => y + height - share(Math.min(n, most[1])) * height,
  };
}

/** Round numbers from 0 to this one. */
function steps(most: number): number[] {
  const rough = most / MARKS;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * ([1, 2, 5, 10].find((n) => n * unit >= rough) ?? 10);
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => Math.round(i * step * 1000) / 1000);
}

function decades(most: number): number[] {
  return Array.from({ length: Math.floor(Math.log10(most)) + 1 }, (_, i) => 10 ** i);
}

function text(x: number, y: number, words: string, anchor: string, bold = false): string {
  const weight = bold ? ' font-weight="bold"' : "";
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"${weight}>${words}</text>`;
}

function round(n: number): number {
  return Math.round(n * 10) / 10;
}
