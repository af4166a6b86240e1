import { atLeast, atMost, meanRow, medianRow, rateRow, valueRow, type Row } from '../rows/row.ts';
import type { Scores } from '../rows/scores.ts';
import { leaveOneOut, readGrid } from './leave-one-out.ts';
import { views } from './views.ts';
import { scrapeSeconds } from './windows.ts';

/** The table of the recorded traces. */
export function traceRows(scores: Scores): Row[] {
  const { counts } = scores;
  const grid = readGrid(scores);
  const cyclic = (name: string) => counts[`real-cyclic/${name}`];
  const { sum: ours = 0, total: segments = 0 } = counts['ahead/ours'] ?? {};
  const bounded = counts['memory/bounded']?.sum ?? 0;
  const used = counts['memory/used']?.sum ?? 0;
  const naive = counts['ahead/naive']?.sum ?? 0;
  return [
    rateRow('real_cyclic_right', cyclic('whole/right'), atLeast(0.95)),
    rateRow('real_idle_called_cyclic', counts['real_idle_called_cyclic'], atMost(0)),
    rateRow('real_busy_called_cyclic', counts['real_busy_called_cyclic'], atMost(0.04)),
    rateRow('class_accuracy_2min', leaveOneOut(grid, '2min'), atLeast(0.88)),
    rateRow('class_accuracy_segment', leaveOneOut(grid, 'segment'), atLeast(0.88)),
    rateRow('memory_bound_broken', counts['memory/broken'], atMost(0.015)),
    meanRow('memory_bound_over', counts['memory/over'], atMost(0.2)),
    valueRow(
      'cycle_ahead_error_ratio',
      segments > 0 ? ours / naive : null,
      { numerator: ours, denominator: segments },
      atMost(0.25),
    ),
    rateRow('real_cyclic_found', cyclic('whole/found')),
    rateRow('real_cyclic_second_period_right', cyclic('whole-second/right')),
    rateRow('real_cyclic_found_2min', cyclic('2min/found')),
    rateRow('real_cyclic_right_2min', cyclic('2min/right')),
    rateRow('real_cyclic_right_with_history', cyclic('history/right')),
    rateRow('idle_seen_60s_after_job', counts['end-of-job/60s'], atLeast(0.9)),
    rateRow('idle_seen_120s_after_job', counts['end-of-job/120s']),
    ...scrapeSeconds.map((seconds) =>
      rateRow(`real_cyclic_right_scraped_${seconds}s`, cyclic(`scraped-${seconds}s/right`)),
    ),
    rateRow('real_idle_called_cyclic_scraped', counts['real_idle_called_cyclic_scraped']),
    rateRow('real_negatives_called_cyclic', counts['real_negatives_called_cyclic']),
    rateRow('real_steady_training_called_cyclic', counts['real_steady_training_called_cyclic']),
    ...classRows(counts),
    rateRow('memory_bound_broken_per_trace', counts['memory/broken-per-trace']),
    medianRow('memory_bound_over_median', counts['memory/over']),
    valueRow('memory_bound_over_pooled', used > 0 ? bounded / used - 1 : null, {
      numerator: bounded - used,
      denominator: used,
    }),
    ...skippedRows(counts),
  ];
}

function classRows(counts: Scores['counts']): Row[] {
  const labels = Object.keys(counts)
    .map((name) => /^class\/2min\/label\/(.*)$/.exec(name)?.[1])
    .filter((label) => label !== undefined)
    .sort();
  return [
    rateRow('class_accuracy_2min_shipped', counts['class/2min/trace']),
    rateRow('class_accuracy_segment_shipped', counts['class/segment/trace']),
    rateRow('class_accuracy_2min_shown', counts['class/2min/shown']),
    ...Object.keys(views).flatMap((view) => [
      rateRow(`class_accuracy_2min_${view}`, counts[`class/2min/view/${view}`]),
      rateRow(`class_accuracy_segment_${view}`, counts[`class/segment/view/${view}`]),
    ]),
    rateRow('class_accuracy_5min', counts['class/5min/trace']),
    rateRow('class_accuracy_10min', counts['class/10min/trace']),
    rateRow('class_accuracy_2min_per_window', counts['class/2min/window']),
    rateRow('class_accuracy_segment_per_segment', counts['class/segment/window']),
    ...labels.map((label) =>
      rateRow(`class_accuracy_2min_labelled[${label}]`, counts[`class/2min/label/${label}`]),
    ),
  ];
}

/** What a row could not use for what it lacks: too few cycles or samples, no such column, no label. */
function skippedRows(counts: Scores['counts']): Row[] {
  return ['traces', 'cyclic', 'busy', 'class_2min', 'class_segment', 'memory', 'memory_over'].map(
    (name) => rateRow(`skipped_${name}`, counts[`skipped/${name}`]),
  );
}
