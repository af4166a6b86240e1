import { conditions, greyFamilies, nullFamilies } from '../../../test/support/synthetic-series.ts';
import { atLeast, atMost, medianRow, rateRow, type Row } from '../rows/row.ts';
import { pooled, type Scores } from '../rows/scores.ts';
import { classFamilies } from './class-loads.ts';
import { aliasSamplings } from './alias-rates.ts';

/** The table of the synthetic evaluation. */
export function syntheticRows(scores: Scores): Row[] {
  return [...nullRows(scores), ...cycleRows(scores), ...aliasRows(scores), ...classRows(scores)];
}

function nullRows(scores: Scores): Row[] {
  const families = Object.keys(nullFamilies).map((family) => ({
    family,
    score: pooled(scores, `called/null/${family}/`),
  }));
  const worst = families.toSorted((a, b) => rateOf(b.score) - rateOf(a.score))[0];
  const worstOfAlnair = Math.max(
    ...families.map(({ score }) => (score === null ? 0 : score.alnair / score.total)),
  );
  return [
    rateRow('null_fp_pooled', pooled(scores, 'called/null/'), atMost(0.004)),
    {
      ...rateRow('null_fp_worst_family', worst?.score, atMost(0.02)),
      alnair: worst?.score === null ? null : worstOfAlnair,
    },
    rateRow('null_fp_firm_pooled', pooled(scores, 'firm/null/')),
    ...families.map(({ family, score }) => rateRow(`null_fp[${family}]`, score)),
    ...Object.keys(greyFamilies).map((family) =>
      rateRow(`grey_called_cyclic[${family}]`, pooled(scores, `called/grey/${family}/`)),
    ),
  ];
}

function rateOf(score: { readonly sum: number; readonly total: number } | null): number {
  return score === null ? -1 : score.sum / score.total;
}

function cycleRows({ counts }: Scores): Row[] {
  return [
    rateRow('clean_8cycles_right', counts['clean-8/right'], atLeast(0.99)),
    rateRow('clean_4_5cycles_found', counts['clean-4.5/found'], atLeast(0.98)),
    rateRow('clean_4_5cycles_right', counts['clean-4.5/right'], atLeast(0.9)),
    rateRow('degraded_found', counts['degraded/found'], atLeast(0.96)),
    rateRow('degraded_right', counts['degraded/right'], atLeast(0.9)),
    ...Object.keys(conditions).flatMap((condition) => [
      rateRow(`cycles_found[${condition}]`, counts[`cycles/${condition}/found`]),
      rateRow(`cycles_right[${condition}]`, counts[`cycles/${condition}/right`]),
      rateRow(`cycles_harmonic[${condition}]`, counts[`cycles/${condition}/harmonic`]),
      medianRow(`cycles_median_error[${condition}]`, counts[`cycles/${condition}/error`]),
    ]),
  ];
}

function aliasRows(scores: Scores): Row[] {
  return [
    rateRow('alias_wrong_published', aliasPool(scores, 'wrong'), atMost(0)),
    rateRow('alias_called_cyclic', aliasPool(scores, 'called')),
    rateRow('alias_true_period_randomised', scores.counts['alias-true/randomised']),
    ...aliasSamplings.map(({ name }) =>
      rateRow(`alias_wrong_published[${name}]`, scores.counts[`alias/${name}/wrong`]),
    ),
  ];
}

function classRows(scores: Scores): Row[] {
  return ['all', 'power'].flatMap((view) => [
    rateRow(`class_load_right_${view}`, pooled(scores, `class-load/${view}/`)),
    ...Object.keys(classFamilies).map((family) =>
      rateRow(`class_load_right_${view}[${family}]`, scores.counts[`class-load/${view}/${family}`]),
    ),
  ]);
}

function aliasPool(scores: Scores, what: 'wrong' | 'called') {
  const only = Object.fromEntries(
    Object.entries(scores.counts).filter(
      ([name]) => name.startsWith('alias/') && name.endsWith(`/${what}`),
    ),
  );
  return pooled({ counts: only, misses: [] }, 'alias/');
}
