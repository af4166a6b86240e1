import type { DeviceFamily, FamilyFacts } from './family.ts';
import { attributionFamilies } from './families/attribution.ts';
import { dcgmFamilies } from './families/dcgm.ts';
import { limitFamilies } from './families/limits.ts';
import { liveFamilies } from './families/live.ts';
import { migFamilies } from './families/mig.ts';
import { readingFamilies } from './families/readings.ts';
import { selfFamilies } from './families/self.ts';
import { statusFamilies } from './families/status.ts';
import { usageFamilies } from './families/usage.ts';
import { windowFamilies } from './families/windows.ts';

/** Families about devices, in the order of the exposition. To add one: an entry in the file of its group, then `npm run generate`. */
export const deviceFamilies: readonly DeviceFamily[] = [
  ...statusFamilies,
  ...readingFamilies,
  ...windowFamilies,
  ...limitFamilies,
  ...attributionFamilies,
  ...usageFamilies,
  ...migFamilies,
  ...dcgmFamilies,
];

/** THE catalogue: /metrics and docs/METRICS.md are made from it. */
export const families: readonly FamilyFacts[] = [
  ...deviceFamilies,
  ...selfFamilies,
  ...liveFamilies,
];

export { liveFamilies } from './families/live.ts';
export { selfFamilies } from './families/self.ts';
