import type { Judged } from '../judge.ts';
import { at, linearScale, plotLeft, plotWidth, ticks, type Scale } from './svg.ts';

/** Steps of a clock, seconds. */
const clockSteps: readonly number[] = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400,
];
const mostTicks = 10;

export interface TimeAxis {
  readonly x: Scale;
  readonly ticks: readonly { readonly seconds: number; readonly label: string }[];
}

/** The time of a recording across the page: seconds from its start, or the hour (UTC). */
export function timeAxis({ recording, startSeconds, endSeconds }: Judged): TimeAxis {
  const x = linearScale([startSeconds, endSeconds], [plotLeft, plotWidth - 8]);
  if (recording.timeBase === 'seconds') {
    const seconds = ticks(startSeconds, endSeconds, mostTicks);
    return { x, ticks: seconds.map((each) => ({ seconds: each, label: `${round(each)} s` })) };
  }
  const rough = (endSeconds - startSeconds) / mostTicks;
  const step = clockSteps.find((each) => each >= rough) ?? clockSteps.at(-1)!;
  const first = Math.ceil(startSeconds / step);
  const count = Math.max(0, Math.floor(endSeconds / step) - first + 1);
  return {
    x,
    ticks: Array.from({ length: count }, (_, i) => {
      const seconds = (first + i) * step;
      return { seconds, label: clockText(seconds, step) };
    }),
  };
}

function round(seconds: number): string {
  return String(Math.round(seconds * 1_000) / 1_000);
}

function clockText(unixSeconds: number, step: number): string {
  const iso = new Date(unixSeconds * 1_000).toISOString();
  if (step >= 86_400) return iso.slice(5, 10);
  return iso.slice(11, step % 60 === 0 ? 16 : 19);
}

/** Labels under a plot. */
export function axisLabels({ x, ticks: marks }: TimeAxis, y: number): string {
  return marks
    .map(
      ({ seconds, label }) =>
        `<text class="axis" x="${at(x(seconds))}" y="${y}" text-anchor="middle">${label}</text>`,
    )
    .join('');
}

/** Thin lines through a plot. */
export function axisLines({ x, ticks: marks }: TimeAxis, top: number, bottom: number): string {
  return marks
    .map(({ seconds }) => {
      const place = at(x(seconds));
      return `<line class="grid" x1="${place}" x2="${place}" y1="${top}" y2="${bottom}"/>`;
    })
    .join('');
}
