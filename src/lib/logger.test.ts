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

  it.each(['text', 'json'] as const)(
    'lets nothing through that a terminal acts on: %s',
    (format) => {
      const { written, log } = lines(format);
      const evil = '\u001b]0;owned\u0007\u009b2J\u202e';
      log.child({ [evil]: 1 }).info({ model: evil, spaced: `a ${evil}`, list: [evil] }, evil);
      const [line = ''] = written;
      expect(line.trimEnd()).not.toMatch(/[\p{Cc}\u202e]/u);
      expect(line).toContain(String.raw`\u001b]0;owned`);
    },
  );

  it('keeps its own time, level and message in JSON when a field has such a name', () => {
    const { written, log } = lines('json');
    log.warn({ level: 'low', message: 'theirs', time: 3 }, 'ours');
    expect(JSON.parse(written[0] ?? '')).toEqual({
      time: '1970-01-01T00:00:00.000Z',
      level: 'warn',
      message: 'ours',
      time_: 3,
      level_: 'low',
      message_: 'theirs',
    });
  });
});
