import { describe, expect, it } from 'vitest';
import { NodeMapping, placeOf, placeText } from './node-mapping.ts';

const labels = ['node', 'Hostname', 'instance'];
const nodes = ['gpu-1', 'gpu-2.example.com', 'rack.a', 'rack.b', 'fd00::7'];
const addresses = new Map([
  ['10.0.0.5', 'gpu-1'],
  ['fd00::5', 'gpu-2.example.com'],
]);

describe('controller/usage/node-mapping', () => {
  it.each<[string, Record<string, string>, string | null]>([
    ['exactly', { node: 'gpu-1' }, 'gpu-1'],
    ['whatever the case', { Hostname: 'GPU-1' }, 'gpu-1'],
    ['without the port', { instance: 'gpu-1:9400' }, 'gpu-1'],
    ['short for long', { Hostname: 'gpu-2' }, 'gpu-2.example.com'],
    ['long for short', { Hostname: 'gpu-1.example.com' }, 'gpu-1'],
    ['never long for another long', { Hostname: 'gpu-2.other.org' }, null],
    ['never by an ambiguous short name', { Hostname: 'rack' }, null],
    ['by address', { instance: '10.0.0.5:9400' }, 'gpu-1'],
    ['by IPv6 address', { instance: '[fd00::5]:9400' }, 'gpu-2.example.com'],
    ['an address that is a node name', { instance: '[fd00::7]:9400' }, 'fd00::7'],
    ['an unknown address', { instance: '10.0.0.6:9400' }, null],
    [
      'the first label that names a node',
      { node: 'pod-x', Hostname: 'gpu-2', instance: 'gpu-1:1' },
      'gpu-2.example.com',
    ],
    ['nothing', {}, null],
  ])('finds the node: %s', (_name, series, node) => {
    expect(new NodeMapping(nodes, addresses).find(placeOf(series, labels))).toBe(node);
  });

  it('shows a place for people', () => {
    expect(placeText(placeOf({ Hostname: 'x', instance: 'y:1' }, labels), labels)).toBe(
      'Hostname=x, instance=y:1',
    );
    expect(placeText(placeOf({}, labels), labels)).toBe('none of node, Hostname, instance');
  });
});
