import { describe, expect, it } from 'vitest';
import {
  heldIdle,
  lost,
  sampleView,
  stalled,
} from '../../../test/support/exposition/sample-view.ts';
import { cyclicVerdict } from '../../../test/support/exposition/sample-snapshot.ts';

const inference = { ...cyclicVerdict.cycle!, periodSeconds: 5.4, slowerPeriodSeconds: null };
const apparent = { ...inference, periodSeconds: 20, publishable: false };

describe('app/standalone/verdict-words', () => {
  it('says of a cycle what it is typical of, and that the confidence is that of the cycle', () => {
    const { words } = sampleView(0, { cycle: inference, confidence: 0.9999 });
    expect(`${words.headline} (${words.note})`).toBe(
      'Repeats every 5.4 s (typical of training; batch inference looks the same)',
    );
    expect(words.explanation).toContain('That it repeats is > 99 % sure; job type DLT.');
    expect(words.short).toBe('cyclic 5.4 s, > 99 %');
    expect(JSON.stringify(words)).not.toContain('100 %');
  });

  it('says the margin and a slower cycle on top', () => {
    const { words } = sampleView(0, {});
    expect(words.explanation).toContain('within ± 0.6 s. A slower cycle of 630 s lies on top.');
    const sharp = { ...inference, periodMarginSeconds: 0.0004 };
    expect(sampleView(0, { cycle: sharp }).words.explanation).toContain('within ± 0.01 s.');
    expect(sampleView(0, { tentative: true }).words).toMatchObject({
      headline: 'Seems to repeat every 31.4 s',
      short: 'cyclic 31.4 s (tentative), 93 %',
    });
  });

  it('says an apparent period with its doubt, never as the period', () => {
    const { words, verdict } = sampleView(0, { cycle: apparent });
    expect(`${words.headline} (${words.note})`).toBe(
      'Repeats, about every 20 s (apparent: a faster cycle could look the same)',
    );
    expect(words.short).toBe('cyclic ~20 s?, 93 %');
    expect(verdict).toMatchObject({ periodSeconds: null, apparentPeriodSeconds: 20 });
  });

  it('makes a stall a state of its own, whatever the pattern under it', () => {
    const view = sampleView(0, stalled);
    expect(view.state).toBe('stalled');
    expect(`${view.words.headline}: ${view.words.note}`).toBe(
      'Stalled: busy without drawing power, probably a hung collective',
    );
    expect(view.words.short).toBe('STALLED 10 min');
    expect(JSON.stringify(view.words)).not.toMatch(/steady|evenly/i);
  });

  it('calls held memory held idle, with how long and how much', () => {
    const view = sampleView(0, heldIdle, {
      readings: { memoryUsedBytes: 30 * 2 ** 30 },
    });
    expect(view.state).toBe('held-idle');
    expect(view.words).toMatchObject({
      headline: 'Held idle for 3.2 h',
      note: '30.0 GiB held, nothing runs',
      short: 'held idle 3.2 h, 93 %',
    });
    expect(JSON.stringify(view.words)).not.toContain('alloc');
  });

  it('says why a GPU is lost, without what steers a terminal', () => {
    const view = sampleView(0, null, {
      ...lost,
      device: { index: 0, uuid: 'GPU-0', model: 'Evil\u001b[2J\u009b card\n' },
      status: { up: false, reason: 'gpu_lost', detail: 'gone\u001b[31m' },
    });
    expect(view.words.short).toBe('lost: gpu_lost (gone [31m)');
    expect(view.words.full).toBe('Lost: gpu_lost (gone [31m)');
    expect(view.model).toBe('Evil [2J  card');
  });

  it('does not call lost what only cannot be read', () => {
    const status = { up: false, reason: 'no_permission', detail: 'x' } as const;
    const { words, state } = sampleView(0, null, { ...lost, status });
    expect(state).toBe('lost');
    expect(words.full).toBe('No readings: no_permission (x)');
  });

  it('watches until there is a verdict', () => {
    expect(sampleView(0, null).words.short).toBe('watching');
    expect(sampleView(0, { pattern: 'insufficient', cycle: null }).state).toBe('watching');
  });
});
