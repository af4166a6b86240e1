import type { EvidenceObserver } from '../evidence.ts';
import { spanOf, usableWindow } from '../pattern/windows.ts';
import { movingValues } from '../series/channels.ts';
import type { PreparedUsage } from '../series/prepare.ts';
import type { GpuUsage, UsageChannel } from '../verdict.ts';
import { aliasing } from '../thresholds.ts';
import { dutyRatio } from './cycle.ts';
import { findFastStep } from './fast-step.ts';
import type { FoundCycle } from './find-cycle.ts';
import { isGoingOn } from './ongoing.ts';

export interface FastSearch {
  readonly sampling: GpuUsage['sampling'];
  readonly shortestSeconds: number;
  readonly channels: readonly UsageChannel[];
  readonly observe: EvidenceObserver | undefined;
}

/**
 * A cycle faster than its samples, which the comb cannot see, in the shortest window; null without. What the comb found in the same channel beside it was chance, or
 * is slower. Channels that stand still, and all of scraped samples, are not looked at.
 */
export function* findFastCycle(
  prepared: PreparedUsage,
  { sampling, shortestSeconds, channels, observe }: FastSearch,
): Generator<void, FoundCycle | null> {
  if (sampling !== 'native') return null;
  for (const channel of channels) {
    const whole = prepared.grid(channel);
    const grid = whole && usableWindow(whole, shortestSeconds, prepared.endSeconds);
    if (grid === null || movingValues(channel, grid.values) === null) continue;
    yield;
    const step = findFastStep(prepared.recent(channel, shortestSeconds));
    yield;
    if (step === null || !isGoingOn(grid, step.periodSeconds)) continue;
    const windowSeconds = spanOf(grid);
    observe?.({
      channel,
      outcome: 'fast',
      startSeconds: grid.startSeconds,
      windowSeconds,
      stepSeconds: grid.stepSeconds,
      samples: grid.values.length,
      correlation: null,
      bestContrast: null,
      pValue: step.pValue,
      neededP: aliasing.fastStepP,
      periodSeconds: step.periodSeconds,
    });
    const cycle = {
      periodSeconds: step.periodSeconds,
      publishable: true,
      periodMarginSeconds: step.marginSeconds,
      slowerPeriodSeconds: null,
      cycles: windowSeconds / step.periodSeconds,
      dutyRatio: dutyRatio(grid.values, step.periodSeconds / grid.stepSeconds),
      channel,
      pValue: step.pValue,
    };
    return { cycle, windowSeconds };
  }
  return null;
}
