import { afterEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../test/support/sampling/manual-clock.ts';
import { ScriptedSource } from '../../test/support/sampling/scripted-source.ts';
import { SourceError } from '../gpu/source.ts';
import { createLogger } from '../lib/logger.ts';
import { Sampler } from './sampler.ts';

const fatals: SourceError[] = [];
const logged: string[] = [];
let running: Sampler | undefined;

function setUp(): { clock: ManualClock; source: ScriptedSource; sampler: Sampler } {
  const clock = new ManualClock();
  const source = new ScriptedSource(clock);
  fatals.length = 0;
  logged.length = 0;
  const sampler = new Sampler({
    source,
    requested: 'auto',
    clock,
    log: createLogger({ level: 'warn', format: 'text', write: (line) => logged.push(line) }),
    historyMs: 600_000,
    windowMs: 30_000,
    onFatal: (error) => fatals.push(error),
    random: () => 0.5,
  });
  running = sampler;
  return { clock, source, sampler };
}

describe('sampling/sampler', () => {
  afterEach(() => running?.stop());

  it('reads each tier in its rhythm, one read at a time, and takes a snapshot each second', async () => {
    const { clock, source, sampler } = setUp();
    const sequences: number[] = [];
    sampler.onSnapshot(({ sequence }) => sequences.push(sequence));
    sampler.start();
    await clock.advance(10_000);
    expect(sequences).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(source.reads.filter((tier) => tier === 'usage').length).toBeCloseTo(50, -1);
    expect(source.reads.filter((tier) => tier === 'memory').length).toBeCloseTo(10, -1);
    expect(source.reads).not.toContain('slow');
    expect(source.inFlightMax).toBe(1);
    const snapshot = sampler.snapshot();
    expect(snapshot.source).toMatchObject({ up: true, kind: 'nvml', driverVersion: '590.1' });
    expect(snapshot.gpus[0]?.utilWindow?.meanPercent).toBe(80);
    expect(sampler.history('GPU-0', 5)?.util?.values.length).toBeGreaterThan(20);
  });

  it('tells of no driver and opens again with back-off', async () => {
    const { clock, source, sampler } = setUp();
    source.onOpen = () =>
      Promise.reject(new SourceError('driver_not_loaded', 'no driver', { hint: 'Load it.' }));
    sampler.start();
    await clock.advance(1_000);
    expect(sampler.snapshot().source).toMatchObject({
      up: false,
      reason: 'driver_not_loaded',
      detail: 'no driver. Load it.',
    });
    await clock.advance(120_000);
    // 1, 2, 4, 8, 16, 30, 30 … s at three quarters.
    expect(source.opens).toBeGreaterThan(5);
    expect(source.opens).toBeLessThan(12);
    // Said once, not at each try.
    expect(logged.filter((line) => line.includes('no driver'))).toHaveLength(1);
    source.onOpen = () => Promise.resolve();
    await clock.advance(31_000);
    expect(sampler.snapshot().source.up).toBe(true);
    source.onRead = () => Promise.reject(new SourceError('driver_not_loaded', 'no driver'));
    await clock.advance(10_000);
    expect(logged.filter((line) => line.includes('no driver')).length).toBeGreaterThan(1);
  });

  it('opens again as soon as the source says that what is missing will be there', async () => {
    const { clock, source, sampler } = setUp();
    source.onOpen = () =>
      Promise.reject(new SourceError('no_values', 'no values yet', { retryWithinMs: 2_000 }));
    sampler.start();
    await clock.advance(120_000);
    source.onOpen = () => Promise.resolve();
    await clock.advance(3_000);
    expect(sampler.snapshot().source.up).toBe(true);
  });

  it('closes and reopens after a failed read; values go stale, never frozen', async () => {
    const { clock, source, sampler } = setUp();
    // However seldom the slow tier is read.
    source.tiers = { ...source.tiers, slow: { meanMs: 15_000, randomised: false } };
    sampler.start();
    await clock.advance(2_000);
    source.onRead = () => Promise.reject(new SourceError('timeout', 'no answer'));
    await clock.advance(3_000);
    expect(sampler.snapshot().source).toMatchObject({ up: false, reason: 'timeout' });
    expect(source.closes).toBeGreaterThan(0);
    expect(sampler.snapshot().gpus[0]?.status.up).toBe(true);
    await clock.advance(12_000);
    expect(sampler.snapshot().gpus[0]?.status).toMatchObject({ up: false, reason: 'stale' });
    expect(sampler.snapshot().gpus[0]?.readings).toEqual({});
    expect(sampler.snapshot().source.readFailuresTotal).toBeGreaterThan(1);
  });

  it('does not count as busy the time in which a GPU was down', async () => {
    const { clock, source, sampler } = setUp();
    source.tiers = { ...source.tiers, slow: { meanMs: 15_000, randomised: false } };
    sampler.start();
    await clock.advance(10_000);
    const before = sampler.snapshot().gpus[0]?.busySecondsTotal ?? Number.NaN;
    expect(before).toBeCloseTo(8, 0);
    const lost = { up: false, reason: 'gpu_lost', detail: 'code 15' } as const;
    source.onRead = () => Promise.resolve({ updates: [{ uuid: 'GPU-0', status: lost }] });
    await clock.advance(40_000);
    source.onRead = () => Promise.resolve(undefined);
    await clock.advance(1_000);
    const after = sampler.snapshot().gpus[0]?.busySecondsTotal ?? Number.NaN;
    // At most 5 s at 80 % for the first sample, and a second.
    expect(after - before).toBeLessThan(5);
  });

  it('counts all the time of a source whose samples are far apart', async () => {
    const { clock, source, sampler } = setUp();
    const usage = { meanMs: 5_000, randomised: true, sampleSpacingMs: 45_000 };
    source.tiers = { usage, memory: null, slow: null };
    const startMs = clock.now();
    let shown = -1;
    source.onRead = () => {
      const renewals = Math.floor((clock.now() - startMs) / 30_000);
      const isNew = renewals !== shown;
      shown = renewals;
      const samples = { util: { timesMs: [clock.now()], values: [50] } };
      const update = { uuid: 'GPU-0', status: { up: true }, ...(isNew && { samples }) } as const;
      return Promise.resolve({ updates: [update] });
    };
    sampler.start();
    await clock.advance(302_000);
    expect(sampler.snapshot().gpus[0]?.busySecondsTotal).toBeCloseTo(150, -1);
  });

  it('waits for a slow first start as long as the source itself does, then says that it hangs', async () => {
    const { clock, source, sampler } = setUp();
    source.longestCallMs = { open: 60_000, read: 2_000 };
    source.onOpen = () => new Promise(() => undefined);
    sampler.start();
    await clock.advance(60_000);
    expect(sampler.snapshot().source).toMatchObject({ up: false, reason: 'opening' });
    await clock.advance(5_000);
    expect(sampler.snapshot().source).toMatchObject({ up: false, reason: 'read_hung' });
  });

  it('goes on with snapshots while a read hangs, says so, and recovers', async () => {
    const { clock, source, sampler } = setUp();
    sampler.start();
    await clock.advance(2_000);
    const { sequence } = sampler.snapshot();
    let release = (): void => undefined;
    source.onRead = () =>
      new Promise((resolve) => {
        release = () => resolve(undefined);
      });
    await clock.advance(8_000);
    expect(sampler.snapshot().sequence).toBe(sequence + 8);
    expect(sampler.snapshot().source).toMatchObject({ up: false, reason: 'read_hung' });
    expect(source.inFlightMax).toBe(1);
    source.onRead = () => Promise.resolve(undefined);
    release();
    await clock.advance(1_000);
    expect(sampler.snapshot().source.up).toBe(true);
  });

  it('stops while a read hangs and the source cannot close either', async () => {
    const { clock, source, sampler } = setUp();
    source.onRead = () => new Promise(() => undefined);
    source.onClose = () => new Promise(() => undefined);
    sampler.start();
    await clock.advance(1_000);
    const stopped = sampler.stop();
    await clock.advance(1_000);
    await stopped;
    expect(source.closes).toBe(1);
  });

  it('reports a fatal failure once and reads no more', async () => {
    const { clock, source, sampler } = setUp();
    sampler.start();
    await clock.advance(1_000);
    source.onRead = () =>
      Promise.reject(new SourceError('version_mismatch', 'driver replaced', { fatal: true }));
    await clock.advance(60_000);
    expect(fatals.map(({ code }) => code)).toEqual(['version_mismatch']);
    expect(source.opens).toBe(1);
    expect(sampler.snapshot().source.reason).toBe('version_mismatch');
    expect(sampler.snapshot().sequence).toBe(61);
  });

  it('turns what is no SourceError into one', async () => {
    const { clock, source, sampler } = setUp();
    source.onRead = () => Promise.reject(new TypeError('x is undefined'));
    sampler.start();
    await clock.advance(1_000);
    expect(sampler.snapshot().source).toMatchObject({ up: false, reason: 'driver_error' });
  });
});
