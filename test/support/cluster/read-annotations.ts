import type { ApiServer } from '../apiserver.ts';
import type { NodePlan } from './expected.ts';

export const domain = 'ai.centaurus.io/';

export type NodeAnnotations = Readonly<Record<string, string>>;

export async function nodeAnnotations(
  apiServer: ApiServer,
  node: string,
): Promise<NodeAnnotations> {
  const object = await apiServer.admin.get<{
    metadata: { annotations?: Record<string, string> };
  }>(`/api/v1/nodes/${node}`);
  return object.metadata.annotations ?? {};
}

interface ProfileEntry {
  readonly i: number;
  readonly pattern: string;
  readonly periodSeconds?: number;
}

/**
 * What is still wrong with a node's annotations, one line each; empty when every GPU has the right job type and every
 * published period is within 5 % of the truth.
 */
export function faults(
  plan: NodePlan,
  annotations: NodeAnnotations,
  options: { readonly periodsPublished: boolean },
): string[] {
  const profile = JSON.parse(annotations[`${domain}gpu-profile`] ?? '{"gpus":[]}') as {
    gpus: ProfileEntry[];
  };
  const found: string[] = [];
  for (const [index, gpu] of plan.gpus.entries()) {
    const where = `${plan.name} GPU ${index} (${gpu.what})`;
    const jobType = annotations[`${domain}GPU-${index}-job-type`];
    const right = options.periodsPublished ? gpu.jobType : (gpu.jobTypeScraped ?? gpu.jobType);
    if (jobType !== right) found.push(`${where}: ${jobType ?? 'nothing'}, not ${right}`);
    if (gpu.jobType !== 'DLT' || gpu.periodSeconds === null || !options.periodsPublished) continue;
    const period = profile.gpus.find((entry) => entry.i === index)?.periodSeconds;
    if (period === undefined || Math.abs(period / gpu.periodSeconds - 1) > 0.05) {
      found.push(`${where}: period ${period ?? 'none'}, not ${gpu.periodSeconds} s`);
    }
  }
  return found;
}
