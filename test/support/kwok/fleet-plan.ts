import type { ExpectedGpu, NodePlan } from '../cluster/expected.ts';
import { simulatedNode } from '../cluster/simulated-node.ts';

/** What runs on the eight GPUs of a node: the fleet consists of these kinds, in turn. */
const kinds: readonly (readonly string[])[] = [
  [
    'training',
    'training',
    'fast-training',
    'fast-training',
    'training',
    'fast-training',
    'held-idle',
    'idle',
  ],
  ['training', 'training', 'training', 'training', 'training', 'training', 'training', 'training'],
  ['idle', 'held-idle', 'idle', 'idle', 'held-idle', 'held-idle', 'idle', 'idle'],
  ['idle', 'fast-training', 'held-idle', 'training', 'idle', 'fast-training', 'idle', 'training'],
];

/** One plan per kind of node; a collector with its flags says for all nodes of the kind what a collector there says. */
export const templates: readonly NodePlan[] = kinds.map((workloads, kind) =>
  simulatedNode(templateName(kind), { workloads, seed: kind + 1 }),
);

/** As long as the name of a node. */
export function templateName(kind: number): string {
  return `tmpl-${String(kind).padStart(3, '0')}`;
}

export function expectedOnNode(index: number): readonly ExpectedGpu[] {
  return templates[index % templates.length]?.gpus ?? [];
}

/** What the UUIDs of a simulated node begin with; the index of the GPU follows. */
export function templateUuidStem(kind: number): string {
  return `GPU-simulated-${hex(kind + 1)}-`;
}

/** What the UUIDs of a node of the fleet begin with: other numbers than any template's, as many digits. */
export function uuidStem(index: number): string {
  return `GPU-simulated-${hex(0x1_0000 + index)}-`;
}

function hex(number: number): string {
  return number.toString(16).padStart(8, '0');
}
