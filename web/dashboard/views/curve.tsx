// One curve, drawn by uPlot. Screen readers get its last value and its range as a sentence.

import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { type CurveData, rangeOf } from "../curve-data.ts";
import { words } from "../words.ts";

const HEIGHT = 130;
const AXIS_WIDTH = 56;
/** Seconds that are shown at least. */
const LEAST_S = 60;

export function Curve({ name, unit, data }: { name: string; unit: string; data: CurveData }) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const dark = useDark();
  useEffect(() => {
    const box = place.current!;
    const made = new uPlot(optionsOf(box), [data.times, data.values], box);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: box.clientWidth, height: HEIGHT }));
    observer.observe(box);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [dark]);
  const { length } = data.times;
  const last = data.times[length - 1];
  useEffect(() => plot.current?.setData([data.times, data.values]), [length, last]);
  const range = rangeOf(data)!;
  const said = (value: number) => `${Number(value.toFixed(2)).toLocaleString("en")} ${unit}`.trim();
  return (
    <figure>
      <figcaption>
        {name} <strong>{said(range.last)}</strong>
      </figcaption>
      <div
        ref={place}
        class="plot"
        role="img"
        aria-label={words.curves.said(name, said(range.last), said(range.least), said(range.greatest))}
      />
    </figure>
  );
}

function optionsOf(place: HTMLElement): uPlot.Options {
  const style = getComputedStyle(place);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour("--quiet"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
  };
  return {
    width: place.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { x: { range: (_, from, to) => [Math.min(from, to - LEAST_S), to] } },
    series: [
      {},
      {
        stroke: colour("--accent"),
        fill: colour("--accent-faint"),
        width: 2,
        points: { show: (u) => u.data[0].length < 3 },
      },
    ],
    axes: [axis, { ...axis, size: AXIS_WIDTH }],
  };
}

/** Whether the page is dark; changes with the system. */
function useDark(): boolean {
  const query = matchMedia("(prefers-color-scheme: dark)");
  const [dark, setDark] = useState(query.matches);
  useEffect(() => {
    const look = () => setDark(query.matches);
    query.addEventListener("change", look);
    return () => query.removeEventListener("change", look);
  }, []);
  return dark;
}
