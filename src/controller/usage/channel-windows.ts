import type { UsageChannel } from '../../analysis/verdict.ts';
import type { PrometheusClient } from '../../prometheus/client.ts';
import { RangeWindows, type WindowSeries } from '../../prometheus/range-windows.ts';
import { labelIn, selectorOf, type Dialect } from './dialect.ts';
import { placeOf } from './node-mapping.ts';
import { plausible } from './plausible.ts';

/** What is kept of the labels of a series. */
export interface ChannelTag {
  readonly channel: UsageChannel;
  readonly scale: number;
  readonly uuid: string;
  readonly place: string;
  /** Of a family that tells the channel only where its own is missing. */
  readonly standIn?: true;
  /** What a pod's processes use, where GPUs are shared as virtual GPUs. */
  readonly perPod?: true;
  /** Number and profile of the GPU instance that it is about. */
  readonly part?: string;
  readonly profile?: string;
}

export interface ChannelWindowsOptions {
  readonly client: PrometheusClient;
  readonly dialect: Dialect;
  /** The channels' own families, or those that stand in for them. */
  readonly families: 'channels' | 'standIns';
  readonly nodeLabels: readonly string[];
  readonly windowSeconds: number;
  readonly rememberSeconds: number;
  readonly inFlight: number;
  readonly shardBytes: number;
  /** Told of each value that cannot be one. */
  readonly onImplausible: () => void;
}

export type ChannelSeries = WindowSeries<ChannelTag>;

/** The windows of all channels of one dialect; one query brings all channels of its GPUs, and of their instances. */
export function createChannelWindows(options: ChannelWindowsOptions): RangeWindows<ChannelTag> {
  const names = Object.keys(options.dialect[options.families]);
  return new RangeWindows<ChannelTag>({
    client: options.client,
    windowSeconds: options.windowSeconds,
    rememberSeconds: options.rememberSeconds,
    inFlight: options.inFlight,
    shardBytes: options.shardBytes,
    selector: (matcher) => selectorOf(names, matcher),
    tag: (labels) => channelTag(labels, options),
    convert: ({ channel, scale }, value) => {
      const kept = plausible(channel, value * scale);
      if (Number.isNaN(kept)) options.onImplausible();
      return kept;
    },
  });
}

/** Null: a series of no interest. */
export function channelTag(
  labels: Readonly<Record<string, string>>,
  {
    dialect,
    families,
    nodeLabels,
  }: Pick<ChannelWindowsOptions, 'dialect' | 'families' | 'nodeLabels'>,
): ChannelTag | null {
  const family = dialect[families][labels['__name__'] ?? ''];
  const uuid = labelIn(labels, dialect.uuidLabels);
  const part = labelIn(labels, dialect.partLabels);
  if (family === undefined || uuid === '' || !isPart(part)) return null;
  const { meaning: channel, scale, perPod } = family;
  return {
    channel,
    scale,
    uuid,
    place: placeOf(labels, nodeLabels),
    ...(families === 'standIns' && { standIn: true }),
    ...(perPod && { perPod }),
    ...(part !== '' && { part, profile: labelIn(labels, dialect.profileLabels) }),
  };
}

/** The number of a GPU instance, or '' of a whole GPU. */
function isPart(text: string): boolean {
  return /^\d{0,4}$/.test(text);
}
