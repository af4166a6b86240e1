import { describe, expect, it } from 'vitest';
import { KnownGpus } from './known-gpus.ts';

const node = 'gpu-a';

function known(): KnownGpus {
  const gpus = new KnownGpus({ goneAfterMs: 600_000, forgetAfterMs: 86_400_000 });
  gpus.see({ node, uuid: 'x', index: 0, lastSampleMs: 1_000, seenMs: 1_000 });
  gpus.see({ node, uuid: 'y', index: 1, lastSampleMs: 1_000, seenMs: 1_000 });
  return gpus;
}

describe('controller/usage/known-gpus', () => {
  it('keeps the newest sample time', () => {
    const gpus = known();
    gpus.see({ node, uuid: 'x', index: 0, lastSampleMs: null, seenMs: 2_000 });
    gpus.see({ node, uuid: 'x', index: 0, lastSampleMs: 500, seenMs: 2_000 });
    expect(gpus.find(node, 'x')?.lastSampleMs).toBe(1_000);
  });

  it('remembers a silent node for a day', () => {
    const gpus = known();
    gpus.forget(80_000_000);
    expect(gpus.of(node).map(({ uuid }) => uuid)).toEqual(['x', 'y']);
    gpus.forget(90_000_000);
    expect([...gpus.nodes()]).toEqual([]);
  });

  it('forgets a GPU that was taken out while its siblings stay', () => {
    const gpus = known();
    gpus.see({ node, uuid: 'x', index: 0, lastSampleMs: null, seenMs: 500_000 });
    gpus.forget(500_000);
    expect(gpus.of(node)).toHaveLength(2);
    gpus.see({ node, uuid: 'x', index: 0, lastSampleMs: null, seenMs: 700_000 });
    gpus.forget(700_000);
    expect(gpus.of(node).map(({ uuid }) => uuid)).toEqual(['x']);
  });

  it('lets a new GPU take the index of an old one at once', () => {
    const gpus = known();
    gpus.see({ node, uuid: 'z', index: 1, lastSampleMs: null, seenMs: 31_000 });
    gpus.see({ node, uuid: 'x', index: 0, lastSampleMs: null, seenMs: 31_000 });
    gpus.forget(31_000);
    expect(gpus.of(node).map(({ uuid }) => uuid)).toEqual(['x', 'z']);
  });

  it('follows a GPU whose index changed', () => {
    const gpus = known();
    gpus.see({ node, uuid: 'y', index: 0, lastSampleMs: null, seenMs: 31_000 });
    gpus.see({ node, uuid: 'x', index: 1, lastSampleMs: null, seenMs: 31_000 });
    gpus.forget(31_000);
    expect(gpus.of(node).map(({ uuid }) => uuid)).toEqual(['y', 'x']);
  });

  it('forgets by pictures that are never complete what is in none of them for a day', () => {
    const gpus = known();
    gpus.see({ node: 'gpu-b', uuid: 'z', index: 0, lastSampleMs: null, seenMs: 86_401_000 });
    gpus.forgetUnseen();
    expect(gpus.count).toBe(3);
    gpus.see({ node: 'gpu-b', uuid: 'z', index: 0, lastSampleMs: null, seenMs: 86_402_000 });
    gpus.forgetUnseen();
    expect([...gpus.nodes()]).toEqual(['gpu-b']);
    // Nothing is seen at all: nobody is gone.
    gpus.forgetUnseen();
    expect(gpus.count).toBe(1);
  });

  it('forgets a node that does not exist any more at once', () => {
    const gpus = known();
    gpus.retainNodes(new Set(['gpu-b']));
    expect(gpus.count).toBe(0);
  });
});
