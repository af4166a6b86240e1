import { certainty } from '../../../analysis/certainty.ts';
import type { ChannelEvidence } from '../../../analysis/evidence.ts';
import type { Moment } from '../judge.ts';
import {
  aliasWords,
  marginWords,
  slowerWords,
  amount,
  channelNames,
  outcomeWords,
  patternReason,
  patternWords,
  periodWords,
  probability,
  secondsText,
  stallWords,
  toneOf,
} from '../words.ts';
import { correlationPlot } from './correlation-plot.ts';
import { escapeText } from './svg.ts';

/** What one look says and why: the facts, the correlation, and what became of every channel. */
export function momentSection(title: string, moment: Moment): string {
  const { verdict, evidence } = moment;
  const alias = aliasWords(verdict);
  return `<section class="moment">
<h3>${escapeText(title)}: <strong class="said said-${toneOf(verdict)}">${escapeText(patternWords(verdict))}</strong></h3>
<p>${escapeText(patternReason(verdict))}</p>
${alias === null ? '' : `<p class="warning">${escapeText(alias)}</p>`}
${facts(moment)}
${correlationPlot(shownOf(moment) ?? evidence[0] ?? none)}
${outcomes(evidence)}
</section>`;
}

const none: ChannelEvidence = {
  channel: 'util',
  outcome: 'still',
  startSeconds: 0,
  windowSeconds: 0,
  stepSeconds: 1,
  samples: 0,
  correlation: null,
  bestContrast: null,
  pValue: null,
  neededP: null,
  periodSeconds: null,
};

/** The correlation that tells most: of what was found, else of what came nearest to it. */
function shownOf({ verdict, evidence }: Moment): ChannelEvidence | undefined {
  const found = evidence.findLast(
    ({ channel, outcome }) => outcome === 'cyclic' && channel === verdict.cycle?.channel,
  );
  if (found !== undefined) return found;
  return evidence
    .filter(({ correlation }) => correlation !== null)
    .toSorted((a, b) => (b.bestContrast ?? 0) - (a.bestContrast ?? 0))[0];
}

function facts({ verdict }: Moment): string {
  const { cycle, windowSeconds, sampleCount, confidence, stall } = verdict;
  const rows: (readonly [string, string])[] = [
    ['rests on', `${sampleCount} samples in ${secondsText(windowSeconds)}`],
    ['confidence', certainty(confidence)],
  ];
  const slower = slowerWords(verdict);
  if (cycle?.publishable === false) {
    const apparent = { isApparent: true, marginSeconds: Number.NaN };
    rows.push(['period', periodWords(cycle.periodSeconds, apparent)]);
  }
  if (cycle?.publishable === true) {
    const words = `${secondsText(cycle.periodSeconds)}${marginWords(verdict)}`;
    rows.push(['period, 95 % interval', words]);
  }
  if (slower !== null) rows.push(['slower cycle on top', slower]);
  if (cycle !== null) {
    rows.push(
      ['seen in', channelNames[cycle.channel]],
      ['cycles seen', amount(cycle.cycles)],
      ['busy share of a cycle', `${(100 * cycle.dutyRatio).toFixed(0)} %`],
      ['p', probability(cycle.pValue)],
    );
  }
  if (verdict.utilMeanPercent !== null) {
    rows.push(['mean utilisation', `${amount(verdict.utilMeanPercent)} %`]);
  }
  if (verdict.memCopyMaxPercent !== null) {
    rows.push(['most memory copy', `${amount(verdict.memCopyMaxPercent)} %`]);
  }
  if (verdict.memUsedMaxMiB !== null) {
    rows.push(['most memory used', `${verdict.memUsedMaxMiB.toFixed(0)} MiB`]);
  }
  if (verdict.nextMemUsedMaxMiB !== null) {
    rows.push(['memory bound, next 2 min', `${verdict.nextMemUsedMaxMiB.toFixed(0)} MiB`]);
  }
  if (verdict.nextUtilMeanPercent !== null) {
    rows.push(['mean utilisation, next 2 min', `${amount(verdict.nextUtilMeanPercent)} %`]);
  }
  if (stall) rows.push(['stall', stallWords]);
  const items = rows.map(
    ([name, value]) => `<div><dt>${name}</dt><dd>${escapeText(value)}</dd></div>`,
  );
  return `<dl>${items.join('')}</dl>`;
}

function outcomes(evidence: readonly ChannelEvidence[]): string {
  if (evidence.length === 0) return '';
  const rows = evidence.map(
    (each) =>
      `<tr class="outcome-${each.outcome}"><td>last ${secondsText(each.windowSeconds)}</td><td>${channelNames[each.channel]}</td><td>${escapeText(outcomeWords(each))}</td></tr>`,
  );
  const found = evidence.filter(({ outcome }) => outcome === 'cyclic' || outcome === 'fast').length;
  const ruledOut = evidence.length - found;
  return `<details class="folded"><summary>What was looked at: ${found} cyclic, ${ruledOut} ruled out</summary>
<div class="wide"><table><thead><tr><th>window</th><th>channel</th><th>finding</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></details>`;
}
