import { describe, expect, it } from 'vitest';
import type { GpuStatus } from '../../gpu/source.ts';
import type { Snapshot, SourceStatus } from '../../sampling/snapshot.ts';
import { readinessProblems, staleExposition } from './readiness.ts';

function snapshot(
  reason: string,
  statuses: readonly GpuStatus[],
  requested: SourceStatus['requested'] = 'dcgm',
): Snapshot {
  const gpus = statuses.map((status, index) => ({ device: { index }, status }));
  const source = { up: reason === '', reason, detail: 'why', requested };
  return { source, gpus } as unknown as Snapshot;
}

const up: GpuStatus = { up: true };
const lost: GpuStatus = { up: false, reason: 'gpu_lost', detail: 'code 15' };
const hung: GpuStatus = { up: false, reason: 'call_hung', detail: 'since 3 s' };

describe('app/collector/readiness', () => {
  it('when the metrics are older than five snapshots', () => {
    expect(staleExposition(5_000)).toEqual([]);
    expect(staleExposition(5_001).map(({ code }) => code)).toEqual(['exposition_stale']);
  });

  it.each([
    ['all is well', snapshot('', [up, up]), []],
    ['one GPU of several is lost', snapshot('', [up, lost]), []],
    ['a call hangs', snapshot('', [up, hung]), ['call_hung']],
    ['every GPU is lost', snapshot('', [lost, lost]), ['all_gpus_down']],
    ['the source is down', snapshot('driver_not_loaded', []), ['driver_not_loaded']],
    ['the source is down, its last GPUs too', snapshot('timeout', [lost]), ['timeout']],
  ])('when %s', (_, given, codes) => {
    const node = { isWithoutGpu: false };
    expect(readinessProblems(given, node).map(({ code }) => code)).toEqual(codes);
  });

  it.each([
    ['there is no driver library', snapshot('library_missing', []), []],
    ['there is no GPU for the driver', snapshot('no_gpu', []), []],
    ['the source is still being opened', snapshot('opening', []), ['opening']],
    [
      'an exporter that was asked for does not answer',
      snapshot('unreachable', []),
      ['unreachable'],
    ],
    ['an exporter does not answer either', snapshot('unreachable', [], 'auto'), []],
    ['a GPU was seen', snapshot('no_gpu', [lost]), ['no_gpu']],
    ['a GPU is read all the same', snapshot('', [up]), []],
  ])('on a node that shows no GPU, when %s', (_, given, codes) => {
    const node = { isWithoutGpu: true };
    expect(readinessProblems(given, node).map(({ code }) => code)).toEqual(codes);
  });
});
