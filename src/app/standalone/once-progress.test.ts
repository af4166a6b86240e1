import { describe, expect, it } from 'vitest';
import { sampleView } from '../../../test/support/exposition/sample-view.ts';
import { createOnceProgress } from './once-progress.ts';

function stream(isTTY: boolean) {
  let text = '';
  const write = (more: string): void => void (text += more);
  return {
    output: { write, isTTY, columns: 80, rows: 24, hasColours: false },
    text: () => text,
  };
}

const gpus = [sampleView(0, {}), sampleView(1, null), sampleView(2, null)];

describe('app/standalone/once-progress', () => {
  it('says at once what it waits for and how long', () => {
    const { output, text } = stream(false);
    const progress = createOnceProgress(output, 0, () => 0);
    expect(text()).toBe(
      'Waiting for a lasting verdict on every GPU: about a minute, 100 s at most.\n',
    );
    progress.tick(gpus);
    progress.end();
    expect(text().split('\n')).toHaveLength(2);
  });

  it('counts in place on a terminal, and makes way for the log', () => {
    const { output, text } = stream(true);
    const progress = createOnceProgress(output, 30_000, () => 12_300);
    progress.tick(gpus);
    expect(text()).toMatch(/12 of 30 s: 1 of 3 GPUs decided, waiting for GPU 1, 2$/);
    progress.log('a line\n');
    expect(text()).toMatch(/\r.\[Ka line\n$/);
    progress.tick(gpus);
    progress.end();
    expect(text()).toMatch(/\r.\[K$/);
  });
});
