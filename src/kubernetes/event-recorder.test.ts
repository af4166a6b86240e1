import { describe, expect, it } from 'vitest';
import { systemClock } from '../lib/clock.ts';
import { createLogger, silentLogger } from '../lib/logger.ts';
import { createEventRecorder, type EventNote } from './event-recorder.ts';
import type { ApiRequest, Transport } from './transport.ts';

const note = (message: string, uid = 'u'): EventNote => ({
  about: { apiVersion: 'v1', kind: 'Node', name: 'n', uid },
  type: 'Normal',
  reason: 'GpuPatternChanged',
  message,
});

describe('kubernetes/event-recorder', () => {
  it('sends what is noted while the one before is on its way', async () => {
    const sent: unknown[] = [];
    let meanwhile = (): void => undefined;
    const transport: Transport = {
      json: (request: ApiRequest) => {
        sent.push(request.body);
        meanwhile();
        return Promise.resolve({});
      },
      watch: () => Promise.resolve(),
      close: () => undefined,
    };
    const recorder = createEventRecorder({
      transport,
      clock: systemClock,
      log: createLogger({ level: 'error', format: 'json', write: () => undefined }),
      instance: 'test',
      minIntervalMs: 0,
    });
    const { signal } = new AbortController();
    recorder.note(note('first'));
    meanwhile = () => {
      meanwhile = () => undefined;
      recorder.note(note('second'));
    };
    await recorder.flush(signal);
    await recorder.flush(signal);
    expect(sent).toMatchObject([
      { message: 'first', count: 1 },
      { message: 'second', count: 2 },
    ]);
  });

  it('counts an Event as dropped that had to make room before it was sent', async () => {
    const transport: Transport = {
      json: () => Promise.resolve({}),
      watch: () => Promise.resolve(),
      close: () => undefined,
    };
    const recorder = createEventRecorder({
      transport,
      clock: systemClock,
      log: silentLogger,
      instance: 'test',
      maxPerFlush: 2,
    });
    for (let i = 0; i < 5_000; i += 1) recorder.note(note('changed', `u${i}`));
    expect(recorder.status()).toMatchObject({ sentTotal: 0, droppedTotal: 0 });
    await recorder.flush(new AbortController().signal);
    // The first two were sent: nothing is lost with them.
    for (let i = 0; i < 5; i += 1) recorder.note(note('changed', `more-${i}`));
    expect(recorder.status()).toMatchObject({ sentTotal: 2, droppedTotal: 3 });
  });
});
