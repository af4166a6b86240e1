import type { Settings } from '../../../config/options.ts';
import { createPrometheusUsage } from '../../../controller/prometheus-usage.ts';
import type { Clock } from '../../../lib/clock.ts';
import { CodedError } from '../../../lib/errors.ts';
import { createClient } from '../../controller/usage-source.ts';
import type { Recording, Trouble } from '../recording.ts';

export interface FromPrometheus {
  readonly recordings: readonly Recording[];
  readonly troubles: readonly Trouble[];
}

/** The series of one node as the controller would read them; verdicts of the node itself are not asked for: here the samples are wanted. @throws {PrometheusError} */
export async function readPrometheus(
  settings: Settings<'analyze'>,
  where: { readonly url: string; readonly node: string },
  clock: Clock,
  signal: AbortSignal,
): Promise<FromPrometheus> {
  const { url, node } = where;
  const client = createClient({ ...settings, 'prometheus.url': url }, clock);
  try {
    const usage = createPrometheusUsage({
      client,
      dialects: settings.dialects,
      nodeLabels: settings['node.labels'],
      windowMs: settings.since,
      mostWindowMs: settings.since,
      inFlight: settings['prometheus.in-flight'],
      shardBytes: settings['prometheus.shard-bytes'],
      verdictMaxAgeMs: 0,
      clock,
    });
    const fleet = await usage.read([node], signal);
    const gpus = fleet.nodes.get(node)?.gpus ?? [];
    if (gpus.length === 0) {
      throw new CodedError('no_gpu', `${client.where} has no series of GPUs of node ${node}`, {
        hint: `Check the name against the labels ${settings['node.labels'].join(', ')}; seen were ${fleet.unmatched.map(({ labels }) => labels).join('; ') || 'none'}.`,
      });
    }
    const source = `${client.where}, node ${node}`;
    const silent = gpus.filter((gpu) => gpu.usage === null);
    return {
      recordings: gpus.flatMap(({ index, uuid, model, usage: seen }) => {
        if (seen === null) return [];
        return [
          {
            source,
            gpu: `gpu ${index}, ${uuid}`,
            model,
            usage: seen,
            timeBase: 'unix',
            interruptions: [],
          },
        ];
      }),
      troubles: [
        ...silent.map(({ index, uuid }) => ({
          source,
          message: `gpu ${index}, ${uuid}: no series to analyse, or one with holes or without recent samples`,
          hint: undefined,
        })),
        ...fleet.problems
          .filter(({ code }) => code !== 'unmatched_series')
          .map(({ code, detail, hint }) => ({ source, message: `${code}: ${detail}`, hint })),
      ],
    };
  } finally {
    client.close();
  }
}
