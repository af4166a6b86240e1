import { page } from '../grafana/page.ts';
import { collectorSection } from './own-health/collectors.ts';
import { controllerSection } from './own-health/controller.ts';
import { attributionSection } from './own-health/attribution.ts';
import { processSection } from './own-health/processes.ts';

/** Whether the profiler itself can be believed. */
export const ownHealthPage = page({
  name: 'own-health',
  title: 'Own health',
  description:
    'Whether the profiler itself can be believed: collectors, the controller and its leader, who holds which GPU, and what all this costs.',
  variables: [],
  from: 'now-3h',
  sections: [collectorSection, controllerSection, attributionSection, processSection],
});
