import { describe, expect, it } from 'vitest';
import type { Series } from '../../prometheus/client.ts';
import { NodeVerdicts } from './node-verdicts.ts';

const origin = 'collector/a:9876';

function series(family: string, value: number, labels: Record<string, string> = {}): Series {
  return {
    labels: {
      __name__: family,
      uuid: 'GPU-1',
      gpu: '0',
      job: 'collector',
      instance: 'a:9876',
      ...labels,
    },
    points: [[1_000, String(value)]],
  };
}

const pattern = (labels: Record<string, string>): Series =>
  series('gpu_usage_pattern_info', 1, labels);
const needed = [
  series('gpu_usage_as_of_timestamp_seconds', 990),
  series('gpu_usage_confidence_ratio', 0.8),
];

function find(all: readonly Series[]): ReturnType<NodeVerdicts['find']> {
  const verdicts = new NodeVerdicts();
  for (const one of all) verdicts.add([one]);
  return verdicts.find('GPU-1', origin);
}

describe('controller/usage/node-verdicts', () => {
  it('puts a verdict together from families that come apart; what is absent is null, not 0', () => {
    const idle = pattern({ pattern: 'idle', job_type: 'Empty', tentative: 'false' });
    expect(find([...needed, idle, series('gpu_usage_stall', 1)])).toEqual({
      pattern: 'idle',
      jobType: 'Empty',
      tentative: false,
      cycle: null,
      confidence: 0.8,
      asOfSeconds: 990,
      sinceSeconds: 990,
      windowSeconds: 0,
      sampleCount: 0,
      memCopyMaxPercent: null,
      memUsedMaxMiB: null,
      utilMeanPercent: null,
      nextMemUsedMaxMiB: null,
      nextUtilMeanPercent: null,
      stall: true,
    });
  });

  it('has no period to show where the node does not publish one', () => {
    const cyclic = pattern({
      pattern: 'cyclic',
      job_type: 'DLT',
      tentative: 'true',
      channel: 'power',
      period_publishable: 'false',
    });
    const verdict = find([...needed, cyclic, series('gpu_usage_cycles', 5)]);
    expect(verdict?.tentative).toBe(true);
    expect(verdict?.cycle).toMatchObject({ channel: 'power', cycles: 5, publishable: false });
    expect(verdict?.cycle?.periodSeconds).toBeNaN();
    const spread = series('gpu_usage_utilization_spread_ratio', 0.25);
    expect(find([...needed, cyclic, series('gpu_usage_cycles', 5), spread])).toMatchObject({
      utilSpreadPercent: 25,
    });
    const apparent = series('gpu_usage_apparent_period_seconds', 20.4);
    const doubted = find([...needed, cyclic, series('gpu_usage_cycles', 5), apparent]);
    expect(doubted?.cycle).toMatchObject({ periodSeconds: 20.4, publishable: false });
  });

  it.each<[string, Series[]]>([
    ['without its time', [pattern({ pattern: 'idle', job_type: 'Empty' }), needed[1]!]],
    ['without a pattern', needed],
    [
      'with a pattern of another version',
      [...needed, pattern({ pattern: 'new', job_type: 'Empty' })],
    ],
    ['cyclic without its cycle', [...needed, pattern({ pattern: 'cyclic', job_type: 'DLT' })]],
    [
      'of another target',
      [
        ...needed,
        series('gpu_usage_pattern_info', 1, {
          pattern: 'idle',
          job_type: 'Empty',
          instance: 'b:1',
        }),
      ],
    ],
  ])('takes half a verdict for none: %s', (_name, all) => {
    expect(find(all)).toBeNull();
  });
});
