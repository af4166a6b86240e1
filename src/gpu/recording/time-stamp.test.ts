import { describe, expect, it } from 'vitest';
import { StampReader } from './stamp-reader.ts';
import { readStamp } from './time-stamp.ts';

const moment = Date.UTC(2026, 0, 31, 23, 59, 7) / 1_000;

describe('gpu/recording/time-stamp', () => {
  it.each([
    ['2026/01/31 23:59:07.250', 0.25],
    ['2026-01-31T23:59:07Z', 0],
    ['2026-01-31T23:59:07.250000+00:00', 0.25],
    ['2026-02-01T01:29:07+01:30', 0],
    ['2026-01-31 23:59:07,250', 0.25],
    ['20260131 23:59:07', 0],
    ['31.01.2026 23:59:07', 0],
    ['31.1.2026, 23:59:07,250', 0.25],
    ['31/01/2026 23:59:07', 0],
    ['1/31/2026 11:59:07 PM', 0],
    ['1/31/2026, 11:59:07\u202fPM', 0],
    ['Sat Jan 31 23:59:07 2026', 0],
    ['Sat Jan 31 23:59:07 CET 2026', 0],
    ['Sat, 31 Jan 2026 23:59:07 GMT', 0],
    ['31-Jan-2026 23:59:07', 0],
    ['January 31, 2026 11:59:07 p.m.', 0],
    ['2026年1月31日 23:59:07', 0],
    ['1769903947', 0],
    ['1769903947.25', 0.25],
    ['1769903947250', 0.25],
    ['1769903947000000000', 0],
  ])('reads %s', (text, fraction) => {
    expect(readStamp(text, null)).toEqual({ base: 'unix', seconds: moment + fraction });
  });

  it('reads a time of day, which goes on over midnight', () => {
    const stamps = new StampReader(null);

    expect(['23:59:58', '23:59:59.5', '00:00:01'].map((text) => stamps.read(text))).toEqual([
      86_398, 86_399.5, 86_401,
    ]);
    expect(stamps.base).toBe('seconds');
    expect(new StampReader(null).read('11:59:58 AM')).toBe(43_198);
    expect(new StampReader(null).read('12:00:01 AM')).toBe(1);
  });

  it('asks whether the day or the month comes first where it cannot be told', () => {
    const text = '02/01/2026 00:00:00';

    expect(readStamp(text, null)).toBe('ambiguous');
    expect(readStamp(text, 'dmy')).toMatchObject({ seconds: Date.UTC(2026, 0, 2) / 1_000 });
    expect(readStamp(text, 'mdy')).toMatchObject({ seconds: Date.UTC(2026, 1, 1) / 1_000 });
    // The other order would be no date.
    expect(readStamp('31/01/2026 23:59:07', 'mdy')).toMatchObject({ seconds: moment });
    expect(readStamp('01/01/2026 00:00:00', null)).toMatchObject({ base: 'unix' });
  });

  it.each([
    '',
    'yesterday',
    '2026/01/31',
    '2026/13/31 23:59:07',
    '2026/01/31 25:59:07',
    '12',
    '5e9',
  ])('takes %j for no time', (text) => {
    expect(readStamp(text, null)).toBe('unknown');
  });

  it('says of stamps of one minute what it says of each alone', () => {
    const stamps = new StampReader(null);
    for (const text of [
      '2026/01/31 23:59:07.250',
      '2026/01/31 23:59:59.999',
      '2026/02/01 00:00:00.001',
    ]) {
      const alone = readStamp(text, null);
      expect(stamps.read(text)).toBeCloseTo(
        typeof alone === 'string' ? Number.NaN : alone.seconds,
        6,
      );
    }
    expect(stamps.read('2026/02/01 00:00:99.001')).toBe('unknown');
    expect(stamps.read('00:00:09')).toBe('unknown');
  });
});
