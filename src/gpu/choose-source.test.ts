import { describe, expect, it } from 'vitest';
import { UsageError } from '../lib/errors.ts';
import { createLogger, silentLogger } from '../lib/logger.ts';
import { chooseSource } from './choose-source.ts';
import { SourceError } from './source.ts';
import type { GpuDevice, GpuSource, SourceKind } from './source.ts';

const signal = new AbortController().signal;
const gpu: GpuDevice = { index: 0, uuid: 'GPU-0', model: 'A' };

/** A source whose open gives what `outcome` gives at that moment. */
function sourceOf(kind: SourceKind, outcome: () => readonly GpuDevice[]) {
  const calls: string[] = [];
  const source: GpuSource = {
    kind,
    simulated: kind === 'simulated',
    hung: false,
    longestCallMs: { open: 1_000, read: 100 },
    open: () => {
      calls.push('open');
      return new Promise((resolve) => {
        resolve(outcome());
      });
    },
    cadence: () => ({ usage: { meanMs: 1, randomised: true }, memory: null, slow: null }),
    read: () => Promise.resolve({ updates: [{ uuid: kind, status: { up: true } }] }),
    close: () => {
      calls.push('close');
      return Promise.resolve();
    },
  };
  return { source, calls };
}

const failing =
  (code: SourceError['code'], options: { fatal?: boolean } = {}) =>
  () => {
    throw new SourceError(code, `it failed with ${code}`, { hint: `hint of ${code}`, ...options });
  };

describe('gpu/choose-source', () => {
  it('takes nvml where it works and leaves the others alone', async () => {
    const nvml = sourceOf('nvml', () => [gpu]);
    const smi = sourceOf('nvidia-smi', () => [gpu]);
    const source = chooseSource({
      requested: 'auto',
      factories: { 'nvidia-smi': () => smi.source, nvml: () => nvml.source },
      log: silentLogger,
    });

    expect(await source.open(signal)).toEqual([gpu]);
    expect(source.kind).toBe('nvml');
    expect((await source.read('usage', signal)).updates[0]?.uuid).toBe('nvml');
    expect(smi.calls).toEqual([]);
    await source.close();
    expect(nvml.calls).toEqual(['open', 'close']);
  });

  it('goes on to the next, closes what failed, and logs why', async () => {
    const lines: string[] = [];
    const nvml = sourceOf('nvml', failing('library_missing'));
    const smi = sourceOf('nvidia-smi', () => []);
    const dcgm = sourceOf('dcgm', () => [gpu]);
    const source = chooseSource({
      requested: 'auto',
      factories: {
        nvml: () => nvml.source,
        'nvidia-smi': () => smi.source,
        dcgm: () => dcgm.source,
      },
      log: createLogger({ level: 'info', format: 'json', write: (line) => lines.push(line) }),
    });
    await source.open(signal);

    expect(source.kind).toBe('dcgm');
    expect([nvml.calls, smi.calls]).toEqual([
      ['open', 'close'],
      ['open', 'close'],
    ]);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      source: 'dcgm',
      'without-nvml': 'library_missing: it failed with library_missing',
      'without-nvidia-smi': 'no_gpu: no GPU found',
    });
  });

  it('lists each reason and hint when nothing works, under the most telling code', async () => {
    const source = chooseSource({
      requested: 'auto',
      factories: {
        nvml: () => sourceOf('nvml', failing('library_missing')).source,
        'nvidia-smi': () => sourceOf('nvidia-smi', failing('driver_not_loaded')).source,
        simulated: () => sourceOf('simulated', () => [gpu]).source,
      },
      log: silentLogger,
    });

    await expect(source.open(signal)).rejects.toMatchObject({
      code: 'driver_not_loaded',
      message:
        'no GPU can be read. nvml: it failed with library_missing (hint of library_missing); nvidia-smi: it failed with driver_not_loaded (hint of driver_not_loaded)',
      hint: expect.stringContaining('--source simulated'),
      fatal: false,
    });
  });

  it('is fatal when a new process is needed, and plain without tools', async () => {
    const open = (outcome: () => readonly GpuDevice[]) =>
      chooseSource({
        requested: 'auto',
        factories: { nvml: () => sourceOf('nvml', outcome).source },
        log: silentLogger,
      }).open(signal);

    await expect(open(failing('version_mismatch', { fatal: true }))).rejects.toMatchObject({
      code: 'version_mismatch',
      fatal: true,
    });
    await expect(open(failing('library_missing'))).rejects.toMatchObject({ code: 'no_gpu' });
  });

  it('tries again at each open, so that a driver that comes later is found', async () => {
    let loaded = false;
    const nvml = sourceOf('nvml', () => (loaded ? [gpu] : failing('library_missing')()));
    const smi = sourceOf('nvidia-smi', () => [gpu]);
    const source = chooseSource({
      requested: 'auto',
      factories: { nvml: () => nvml.source, 'nvidia-smi': () => smi.source },
      log: silentLogger,
    });
    await source.open(signal);
    expect(source.kind).toBe('nvidia-smi');

    loaded = true;
    await source.close();
    await source.open(signal);
    expect(source.kind).toBe('nvml');
  });

  it('still tells of a hung call of a source that was given up', async () => {
    const nvml = sourceOf('nvml', failing('timeout'));
    const smi = sourceOf('nvidia-smi', () => [gpu]);
    const source = chooseSource({
      requested: 'auto',
      factories: {
        nvml: () => ({ ...nvml.source, hung: true }),
        'nvidia-smi': () => smi.source,
      },
      log: silentLogger,
    });
    await source.open(signal);

    expect(source.hung).toBe(true);
  });

  it('gives exactly what was asked for, and refuses what is not configured', () => {
    const { source } = sourceOf('simulated', () => [gpu]);
    const factories = { simulated: () => source };

    expect(chooseSource({ requested: 'simulated', factories, log: silentLogger })).toBe(source);
    expect(() => chooseSource({ requested: 'dcgm', factories, log: silentLogger })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('--dcgm.url') }),
    );
    expect(() => chooseSource({ requested: 'dcgm', factories, log: silentLogger })).toThrow(
      UsageError,
    );
  });

  it('stops trying when it is aborted', async () => {
    const aborted = AbortSignal.abort();
    const smi = sourceOf('nvidia-smi', () => [gpu]);
    const source = chooseSource({
      requested: 'auto',
      factories: {
        nvml: () => sourceOf('nvml', failing('timeout')).source,
        'nvidia-smi': () => smi.source,
      },
      log: silentLogger,
    });

    await expect(source.open(aborted)).rejects.toMatchObject({ code: 'timeout' });
    expect(smi.calls).toEqual([]);
  });
});
