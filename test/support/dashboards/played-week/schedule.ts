import type { GpuHolder } from '../../../../src/attribution/gpu-holders.ts';
import type { GpuDevice } from '../../../../src/gpu/source.ts';
import { createRandom } from '../../../../src/lib/random.ts';

/** What a GPU of the played week does. `lost`: it has fallen off the bus. */
export const activities = [
  'free',
  'training',
  'serving',
  'batch',
  'notebook',
  'stuck',
  'lost',
] as const;
export type Activity = (typeof activities)[number];

/** A stretch of one GPU's week; times are seconds since the Unix epoch, `to` excluded. */
export interface Stretch {
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly activity: Activity;
  /** The pod that holds the GPU; null: nobody. */
  readonly holder: GpuHolder | null;
}

export interface PlayedGpu {
  readonly device: GpuDevice;
  /** Ascending and without holes, from the start of the week to its end. */
  readonly stretches: readonly Stretch[];
  readonly seed: number;
}

export interface PlayedNode {
  readonly name: string;
  readonly gpus: readonly PlayedGpu[];
}

export const daySeconds = 86_400;
const hour = 3_600;

interface Hardware {
  readonly model: string;
  readonly memoryMiB: number;
  readonly powerLimitWatts: number;
}
const a100: Hardware = {
  model: 'NVIDIA A100-SXM4-80GB',
  memoryMiB: 81_920,
  powerLimitWatts: 400,
};
const h100: Hardware = { model: 'NVIDIA H100 80GB HBM3', memoryMiB: 81_559, powerLimitWatts: 700 };
const l4: Hardware = { model: 'NVIDIA L4', memoryMiB: 23_034, powerLimitWatts: 72 };

/** A small cluster's days, up to `endSeconds`: jobs that come and go, notebooks that are forgotten, one stuck job, one lost GPU. */
export function playedWeek(endSeconds: number, days: number): readonly PlayedNode[] {
  const startSeconds = endSeconds - days * daySeconds;
  const week = { startSeconds, endSeconds, days };
  return [
    node('gpu-node-1', a100, [
      trainings(week, 'llm-pretrain-0', 11),
      trainings(week, 'llm-pretrain-0', 11),
      trainings(week, 'llm-pretrain-1', 11),
      stuckAtTheEnd(week, trainings(week, 'llm-pretrain-1', 11)),
      trainings(week, 'vision-sweep', 23),
      lostAtTheEnd(week, trainings(week, 'vision-sweep', 29)),
      notebooks(week, 'notebook-anna', 1),
      [],
    ]),
    node('gpu-node-2', h100, [
      served(week, 'chat-7f9c'),
      served(week, 'chat-7f9c'),
      served(week, 'embed-55d4'),
      trainings(week, 'finetune-nightly', 41),
      trainings(week, 'finetune-nightly', 43),
      notebooks(week, 'notebook-ben', 2),
      notebooks(week, 'notebook-chris', 3),
      batches(week, 'render-queue'),
    ]),
    node('gpu-node-3', l4, [
      served(week, 'search-rerank'),
      batches(week, 'transcode'),
      notebooks(week, 'course-lab-3', 5),
      [],
    ]),
  ];

  function node(
    name: string,
    hardware: Hardware,
    plans: readonly (readonly Stretch[])[],
  ): PlayedNode {
    const gpus = plans.map((plan, index) => ({
      device: deviceOf(name, index, hardware),
      stretches: filled(plan, startSeconds, endSeconds),
      seed: 1 + index * 31 + name.charCodeAt(name.length - 1) * 1_009,
    }));
    return { name, gpus };
  }
}

function deviceOf(node: string, index: number, hardware: Hardware): GpuDevice {
  const serial = `${node.at(-1)}${index}`.padStart(12, '0');
  return {
    index,
    uuid: `GPU-5eed0000-0000-4000-8000-${serial}`,
    model: hardware.model,
    pciBusId: `00000000:${(0x10 + index * 8).toString(16)}:00.0`,
    driverVersion: '580.95.05',
    memoryTotalBytes: hardware.memoryMiB * 2 ** 20,
    powerLimitWatts: hardware.powerLimitWatts,
    pcieGenerationMax: 4,
    pcieWidthMax: 16,
  };
}

interface Week {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly days: number;
}

const holding = (namespace: string, pod: string): GpuHolder => ({
  namespace,
  pod,
  container: 'main',
  resource: 'nvidia.com/gpu',
});

/** Jobs of half a day with pauses of hours between them; equal seeds run together. */
function trainings({ startSeconds, endSeconds }: Week, pod: string, seed: number): Stretch[] {
  const random = createRandom(seed);
  const stretches: Stretch[] = [];
  for (let at = startSeconds + random() * 4 * hour; at < endSeconds;) {
    const toSeconds = at + (8 + random() * 14) * hour;
    stretches.push({
      fromSeconds: at,
      toSeconds,
      activity: 'training',
      holder: holding('research', pod),
    });
    at = toSeconds + (0.5 + random() * 5) * hour;
  }
  return stretches;
}

function served({ startSeconds, endSeconds }: Week, pod: string): Stretch[] {
  return [
    {
      fromSeconds: startSeconds,
      toSeconds: endSeconds,
      activity: 'serving',
      holder: holding('serving', pod),
    },
  ];
}

/** Every night, when nobody else wants the GPU. */
function batches({ startSeconds, days }: Week, pod: string): Stretch[] {
  return Array.from({ length: days + 1 }, (_, day) => {
    const midnight = Math.floor(startSeconds / daySeconds + day) * daySeconds;
    return {
      fromSeconds: midnight - 3 * hour,
      toSeconds: midnight + 6 * hour,
      activity: 'batch' as const,
      holder: holding('batch', pod),
    };
  });
}

/** Opened in the morning, used for minutes, and closed in the evening but for some days on which it is forgotten. */
function notebooks({ startSeconds, days }: Week, pod: string, seed: number): Stretch[] {
  const random = createRandom(seed);
  return Array.from({ length: days + 1 }, (_, day) => {
    const morning = Math.floor(startSeconds / daySeconds + day) * daySeconds + 8 * hour;
    const forgotten = random() < 0.35;
    return {
      fromSeconds: morning + random() * hour,
      toSeconds: morning + (forgotten ? 23 : 7 + random() * 3) * hour,
      activity: 'notebook' as const,
      holder: holding('notebooks', pod),
    };
  });
}

/** The last job hangs for its last two hours. */
function stuckAtTheEnd(week: Week, plan: readonly Stretch[]): Stretch[] {
  return endingWith('stuck', 2 * hour, week, plan);
}

function lostAtTheEnd(week: Week, plan: readonly Stretch[]): Stretch[] {
  return endingWith('lost', 5 * hour, week, plan);
}

function endingWith(
  activity: Activity,
  lengthSeconds: number,
  { endSeconds }: Week,
  plan: readonly Stretch[],
): Stretch[] {
  const fromSeconds = endSeconds - lengthSeconds;
  const before = plan
    .filter((stretch) => stretch.fromSeconds < fromSeconds)
    .map((stretch) => ({ ...stretch, toSeconds: Math.min(stretch.toSeconds, fromSeconds) }));
  const holder = plan.at(-1)?.holder ?? null;
  return [...before, { fromSeconds, toSeconds: endSeconds, activity, holder }];
}

/** The plan within the week, with the GPU free in between. */
function filled(plan: readonly Stretch[], startSeconds: number, endSeconds: number): Stretch[] {
  const whole: Stretch[] = [];
  let at = startSeconds;
  const free = (toSeconds: number): void => {
    if (toSeconds <= at) return;
    whole.push({ fromSeconds: at, toSeconds, activity: 'free', holder: null });
    at = toSeconds;
  };
  for (const stretch of plan) {
    const toSeconds = Math.min(stretch.toSeconds, endSeconds);
    if (toSeconds <= at || stretch.fromSeconds >= endSeconds) continue;
    free(stretch.fromSeconds);
    whole.push({ ...stretch, fromSeconds: at, toSeconds });
    at = toSeconds;
  }
  free(endSeconds);
  return whole;
}
