import { describe, expect, it } from 'vitest';
import {
  cyclicVerdict,
  sampleGpu,
  sampleSnapshot,
} from '../../../test/support/exposition/sample-snapshot.ts';
import { standInUuid, unknownModel } from '../../gpu/source.ts';
import type { GpuSnapshot } from '../../sampling/snapshot.ts';
import { Observer } from './observation.ts';

const noHolders = { byUuid: new Map(), unmapped: null };

describe('app/standalone/observation', () => {
  it('keeps what it wrote about a node of which a GPU does not tell who it is', () => {
    const observer = new Observer();
    const verdicts = new Map([['GPU-0', cyclicVerdict]]);
    const staticOf = (gpus: readonly GpuSnapshot[]): unknown => {
      const snapshot = sampleSnapshot(gpus);
      observer.decide(snapshot, verdicts);
      const { annotations } = observer.observe(snapshot, verdicts, noHolders, () => null);
      return annotations['ai.centaurus.io/gpu-static'];
    };
    const refused: GpuSnapshot = {
      ...sampleGpu(1),
      device: { index: 1, uuid: standInUuid(1), model: unknownModel },
      status: { up: false, reason: 'gpu_lost', detail: 'code 15' },
      readings: {},
    };

    const before = staticOf([sampleGpu(0), sampleGpu(1)]);
    expect(before).toContain('NVIDIA H100');
    expect(staticOf([sampleGpu(0), refused])).toBe(before);
  });
});
