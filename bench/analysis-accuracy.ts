/**
 * Accuracy of the analysis against its targets: false positives on series without a period, detection on synthetic cycles, and the recorded traces when they
 * are there. `node bench/analysis-accuracy.ts [series per cell, 150]` prints Markdown tables. Fixed seeds: the same figures every time.
 */
import { analyse } from '../src/analysis/analyse.ts';
import type { Verdict } from '../src/analysis/verdict.ts';
import {
  conditions,
  createDice,
  evenly,
  greyFamilies,
  nullFamilies,
  periodicSeries,
  shapes,
  type TimedSeries,
} from '../test/support/synthetic-series.ts';
import { readTraces } from '../test/support/traces.ts';
import { scoreTraces } from '../test/support/trace-score.ts';

const perCell = Number(process.argv[2] ?? 150);
const nullConfigurations = [
  [1200, 0.1],
  [120, 1],
  [600, 1],
  [120, 5],
  [40, 15],
] as const;
const cycleConfigurations = [
  [1200, 0.1],
  [120, 1],
  [24, 5],
  [600, 1],
  [120, 5],
  [40, 15],
] as const;

function verdictOf(util: TimedSeries): Verdict {
  return analyse({ channels: { util }, sampling: 'native' });
}

/** Wilson score interval, 95 %. */
function interval(hits: number, total: number): string {
  const z = 1.96;
  const share = hits / total;
  const centre = share + (z * z) / (2 * total);
  const half = z * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total));
  const scale = 1 + (z * z) / total;
  const percent = (value: number): string => (100 * Math.max(0, value / scale)).toFixed(2);
  return `${((100 * hits) / total).toFixed(2)} % [${percent(centre - half)}, ${percent(centre + half)}] of ${total}`;
}

function falsePositives(): void {
  console.log('\n## False positives, % of series called cyclic (tentative ones included)\n');
  console.log(
    `| family | ${nullConfigurations.map(([n, dt]) => `${n} x ${dt} s`).join(' | ')} | mean |`,
  );
  console.log('|---|---|---|---|---|---|---|');
  const pooled = { hits: 0, total: 0, confident: 0 };
  for (const [name, family] of Object.entries({ ...nullFamilies, ...greyFamilies })) {
    let familyHits = 0;
    const cells = nullConfigurations.map(([n, dt], configuration) => {
      let hits = 0;
      for (let i = 0; i < perCell; i++) {
        const seed = 1_000_003 * configuration + 7919 * name.length + i;
        const verdict = verdictOf(evenly(family(n, createDice(seed)), dt));
        if (verdict.pattern !== 'cyclic') continue;
        hits++;
        if (name in nullFamilies && verdict.confidence >= 0.9) pooled.confident++;
      }
      familyHits += hits;
      return ((100 * hits) / perCell).toFixed(1);
    });
    const total = perCell * nullConfigurations.length;
    if (name in nullFamilies) {
      pooled.hits += familyHits;
      pooled.total += total;
    }
    const grey = name in greyFamilies ? ' (grey)' : '';
    console.log(
      `| ${name}${grey} | ${cells.join(' | ')} | ${((100 * familyHits) / total).toFixed(2)} |`,
    );
  }
  console.log(`\npooled without grey: ${interval(pooled.hits, pooled.total)}`);
  console.log(`with confidence >= 0.9: ${interval(pooled.confident, pooled.total)}`);
}

interface Tally {
  total: number;
  found: number;
  right: number;
  errors: number[];
}

function count(tally: Tally, { cycle }: Verdict, periodSeconds: number): void {
  tally.total++;
  if (cycle === null) return;
  const error = Math.abs(cycle.periodSeconds / periodSeconds - 1);
  tally.found++;
  tally.errors.push(error);
  if (error <= 0.05) tally.right++;
}

function tallyCycles(
  condition: string,
  cyclesWanted: readonly number[],
  accept: (n: number, samplesPerPeriod: number) => boolean,
): Tally {
  const tally: Tally = { total: 0, found: 0, right: 0, errors: [] };
  const runs = Math.max(3, Math.round(perCell / 15));
  for (const shape of Object.keys(shapes)) {
    for (const [n, dt] of cycleConfigurations) {
      for (const cycles of cyclesWanted) {
        const periodSeconds = (n * dt) / cycles;
        if (periodSeconds / dt < 4 || !accept(n, periodSeconds / dt)) continue;
        for (let run = 0; run < runs; run++) {
          const dice = createDice(run + 31 * n + 101 * cycles + 977 * shape.length);
          const options = { shape, samples: n, stepSeconds: dt, periodSeconds };
          const verdict = verdictOf(periodicSeries({ ...options, ...conditions[condition] }, dice));
          count(tally, verdict, periodSeconds);
        }
      }
    }
  }
  return tally;
}

function row(name: string, tally: Tally): void {
  const errors = tally.errors.toSorted((a, b) => a - b);
  const median = 100 * (errors[errors.length >> 1] ?? Number.NaN);
  const percent = (part: number): string => ((100 * part) / tally.total).toFixed(1);
  console.log(
    `| ${name} | ${percent(tally.found)} | ${percent(tally.right)} | ${((100 * tally.right) / tally.found).toFixed(1)} | ${median.toFixed(2)} | ${tally.total} |`,
  );
}

function detection(): void {
  console.log('\n## Synthetic cycles (4.5, 8, 16 cycles in the data; six shapes)\n');
  console.log(
    '| condition | found % | right within 5 % | right of found % | median error % | series |',
  );
  console.log('|---|---|---|---|---|---|');
  const every = [4.5, 8, 16];
  for (const condition of Object.keys(conditions)) {
    row(
      condition,
      tallyCycles(condition, every, () => true),
    );
  }
  row(
    'clean, >= 8 cycles, >= 8 samples per period',
    tallyCycles('clean', [8, 16], (_, s) => s >= 8),
  );
  row(
    'clean, 4.5 cycles, n >= 120',
    tallyCycles('clean', [4.5], (n) => n >= 120),
  );
  row(
    'all three disturbances, n >= 120',
    tallyCycles('jitter 5 % + missing 10 % + irregular', every, (n) => n >= 120),
  );
}

falsePositives();
detection();
const traces = readTraces();
if (traces === null) console.log('\nNo recorded traces here: the real part is left out.');
else {
  console.log('\n## Recorded traces\n');
  for (const [name, figure] of Object.entries(scoreTraces(traces).figures)) {
    console.log(`- ${name}: ${typeof figure === 'number' ? figure.toFixed(3) : figure}`);
  }
}
