import type { ChannelEvidence } from '../../../analysis/evidence.ts';
import { channelNames, secondsText } from '../words.ts';
import { at, linearScale, plotLeft, plotWidth, svg, ticks } from './svg.ts';

const height = 180;
const top = 12;
const bottom = height - 22;
/** Periods shown. */
const mostTeeth = 6;
/** Points drawn at most. */
const mostPoints = 1500;

/** The autocorrelation of one channel over the lag; the multiples of the period that was found are marked. '' where there is none. */
export function correlationPlot(evidence: ChannelEvidence): string {
  const { correlation, stepSeconds, periodSeconds, channel } = evidence;
  if (correlation === null) return '';
  const longest = (correlation.length - 1) * stepSeconds;
  const last = Math.min(longest, (mostTeeth + 0.5) * (periodSeconds ?? Infinity));
  const count = Math.min(correlation.length, Math.floor(last / stepSeconds) + 1);
  const x = linearScale([0, last], [plotLeft, plotWidth - 8]);
  const y = linearScale([-1, 1], [bottom, top]);
  const levels = [-1, -0.5, 0, 0.5, 1].map((level) => {
    const place = at(y(level));
    return (
      `<line class="${level === 0 ? 'zero' : 'grid'}" x1="${plotLeft}" x2="${plotWidth - 8}" y1="${place}" y2="${place}"/>` +
      `<text class="axis" x="${plotLeft - 6}" y="${at(y(level) + 4)}" text-anchor="end">${level}</text>`
    );
  });
  const lags = ticks(0, last, 10).map(
    (lag) =>
      `<text class="axis" x="${at(x(lag))}" y="${height - 6}" text-anchor="middle">${lagText(lag)}</text>`,
  );
  const every = Math.max(1, Math.ceil(count / mostPoints));
  const points: string[] = [];
  for (let lag = 0; lag < count; lag += every) {
    const value = Math.min(1, Math.max(-1, correlation[lag]!));
    points.push(`${at(x(lag * stepSeconds))} ${at(y(value))}`);
  }
  const content = `${levels.join('')}${teeth(periodSeconds, last, x)}<path class="mean" d="M${points.join('L')}"/>${lags.join('')}`;
  const found =
    periodSeconds === null ? '' : `; marked are multiples of ${secondsText(periodSeconds)}`;
  const name = `Autocorrelation of ${channelNames[channel]} over the lag, ${secondsText(evidence.windowSeconds)} of samples${found}`;
  return `<h4>${name}</h4>${svg(height, name, content)}`;
}

function teeth(periodSeconds: number | null, last: number, x: (value: number) => number): string {
  if (periodSeconds === null) return '';
  const count = Math.floor(last / periodSeconds);
  return Array.from({ length: count }, (_, i) => {
    const place = at(x((i + 1) * periodSeconds));
    return `<line class="mark" x1="${place}" x2="${place}" y1="${top}" y2="${bottom}"/>`;
  }).join('');
}

function lagText(seconds: number): string {
  return `${Number(seconds.toPrecision(4))} s`;
}
