import { describe, expect, it } from 'vitest';
import { CodedError } from './errors.ts';
import { createLogger } from './logger.ts';

function lines(format: 'text' | 'json'): {
  written: string[];
  log: ReturnType<typeof createLogger>;
} {
  const written: string[] = [];
  const log = createLogger({
    level: 'info',
    format,
    write: (line) => written.push(line),
    now: () => new Date(0),
  });
  return { written, log };
}

describe('lib/logger', () => {
  it('writes one line of text with the fields behind the message', () => {
    const { written, log } = lines('text');
    log.child({ source: 'nvml' }).warn({ gpu: 3, note: 'two words' }, 'GPU lost');
    expect(written).toEqual([
      '1970-01-01T00:00:00.000Z warn  GPU lost source=nvml gpu=3 note="two words"\n',
    ]);
  });

  it('writes JSON with the whole chain of an error and its code', () => {
    const { written, log } = lines('json');
    const error = new CodedError('timeout', 'no answer', { cause: new Error('socket closed') });
    log.error({ err: error }, 'read failed');
    expect(JSON.parse(written[0] ?? '')).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      level: 'error',
      message: 'read failed',
      err: 'no answer: socket closed',
      errCode: 'timeout',
    });
  });

  it('drops what is below its level', () => {
    const { written, log } = lines('text');
    log.debug({}, 'quiet');
    expect(written).toEqual([]);
  });

  it('keeps a line break inside a value from making a second line', () => {
    const { written, log } = lines('text');
    log.info({ text: 'a\nb' }, 'hello');
    expect(written[0]?.trimEnd().includes('\n')).toBe(false);
  });
});
