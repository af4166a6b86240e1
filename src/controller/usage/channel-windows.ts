import type { UsageChannel } from '../../analysis/verdict.ts';
import type { PrometheusClient } from '../../prometheus/client.ts';
import { RangeWindows, type WindowSeries } from '../../prometheus/range-windows.ts';
import { selectorOf, type Dialect } from './dialect.ts';
import { placeOf } from './node-mapping.ts';
import { plausible } from './plausible.ts';

/** What is kept of the labels of a series. */
export interface ChannelTag {
  readonly channel: UsageChannel;
  readonly scale: number;
  readonly uuid: string;
  readonly place: string;
}

export interface ChannelWindowsOptions {
  readonly client: PrometheusClient;
  readonly dialect: Dialect;
  readonly nodeLabels: readonly string[];
  readonly windowSeconds: number;
  readonly rememberSeconds: number;
  readonly inFlight: number;
  readonly shardBytes: number;
  /** Told of each value that cannot be one. */
  readonly onImplausible: () => void;
}

export type ChannelSeries = WindowSeries<ChannelTag>;

/** The windows of all channels of one dialect; one query brings all channels of its GPUs. */
export function createChannelWindows(options: ChannelWindowsOptions): RangeWindows<ChannelTag> {
  const { dialect, nodeLabels } = options;
  const wholeGpu = dialect.partLabel === null ? '' : `${dialect.partLabel}=""`;
  const families = Object.keys(dialect.channels);
  return new RangeWindows<ChannelTag>({
    client: options.client,
    windowSeconds: options.windowSeconds,
    rememberSeconds: options.rememberSeconds,
    inFlight: options.inFlight,
    shardBytes: options.shardBytes,
    selector: (matcher) => selectorOf(families, wholeGpu, matcher),
    tag: (labels) => {
      const family = dialect.channels[labels['__name__'] ?? ''];
      const uuid = labels[dialect.uuidLabel] ?? '';
      if (family === undefined || uuid === '') return null;
      const { meaning: channel, scale } = family;
      return { channel, scale, uuid, place: placeOf(labels, nodeLabels) };
    },
    convert: ({ channel, scale }, value) => {
      const kept = plausible(channel, value * scale);
      if (Number.isNaN(kept)) options.onImplausible();
      return kept;
    },
  });
}
