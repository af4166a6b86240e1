import { describe, expect, it } from 'vitest';
import type { NodeMetadata } from '../kubernetes/node-metadata.ts';
import type { NodeReflector } from '../kubernetes/node-reflector.ts';
import { jobTypeKey, ownedKey } from './annotation-keys.ts';
import { createDryRun } from './dry-run.ts';

const term = { signal: new AbortController().signal, mayWrite: () => true, inherited: {} };

describe('controller/dry-run', () => {
  it('prints a patch once, as if it had been written, until the node itself changes', async () => {
    const nodes = new Map<string, NodeMetadata>();
    const real = (annotations: Record<string, string>, resourceVersion: string): void => {
      nodes.set('n', { name: 'n', uid: 'u', resourceVersion, annotations });
    };
    const before = {
      [jobTypeKey(0)]: 'Empty',
      [jobTypeKey(1)]: 'DLT',
      [ownedKey]: 'GPU-0-job-type,GPU-1-job-type',
    };
    real(before, '1');
    const lines: string[] = [];
    const reflector = { nodes: () => nodes } as unknown as NodeReflector;
    const dry = createDryRun(reflector, (line) => lines.push(line));
    const order = { node: 'n', uid: 'u', wanted: { [jobTypeKey(0)]: 'DLT' } };

    expect(await dry.sender.send(order, term, term.signal)).toBe('written');
    expect(lines).toEqual([
      `{"node":"n","patch":{"metadata":{"uid":"u","annotations":{"${jobTypeKey(0)}":"DLT","${ownedKey}":"GPU-0-job-type","${jobTypeKey(1)}":null}}}}\n`,
    ]);
    expect(dry.reflector.nodes().get('n')?.annotations).toEqual({
      ...order.wanted,
      [ownedKey]: 'GPU-0-job-type',
    });
    // A heartbeat of the kubelet changes the node, but nothing of ours.
    real(before, '2');
    expect(await dry.sender.send(order, term, term.signal)).toBe('unchanged');
    real({ [jobTypeKey(0)]: 'Others' }, '3');
    expect(await dry.sender.send(order, term, term.signal)).toBe('written');
    expect(lines).toHaveLength(2);
    const replaced = { ...order, uid: 'other' };
    expect(await dry.sender.send(replaced, term, term.signal)).toBe('replaced');
  });

  it('keeps nothing of a node that is deleted', async () => {
    const node: NodeMetadata = { name: 'n', uid: 'u', resourceVersion: '1', annotations: {} };
    const nodes = new Map([['n', node]]);
    const reflector = { nodes: () => nodes } as unknown as NodeReflector;
    const lines: string[] = [];
    const dry = createDryRun(reflector, (line) => lines.push(line));
    const order = { node: 'n', uid: 'u', wanted: { [jobTypeKey(0)]: 'DLT' } };
    await dry.sender.send(order, term, term.signal);
    nodes.clear();
    expect(dry.reflector.nodes().size).toBe(0);
    nodes.set('n', node);
    await dry.sender.send(order, term, term.signal);
    expect(lines).toHaveLength(2);
  });
});
