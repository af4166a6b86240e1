import { containerParts } from './catalogue/containers.ts';
import { kubernetesParts } from './catalogue/kubernetes.ts';
import { machineParts } from './catalogue/machine.ts';
import type { Part } from './catalogue/part.ts';
import { prometheusParts } from './catalogue/prometheus.ts';
import { toolParts } from './catalogue/tools.ts';

export type { CompileCheck, Part, VersionCheck } from './catalogue/part.ts';

const all = {
  ...kubernetesParts,
  ...prometheusParts,
  ...machineParts,
  ...toolParts,
  ...containerParts,
};
export type PartName = keyof typeof all;
export const partNames = Object.keys(all) as readonly PartName[];
export const parts: Readonly<Record<PartName, Part>> = all;
