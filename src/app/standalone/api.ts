import { jsonResponse, type Route, type WebResponse } from '../../web/route.ts';
import type { Snapshot } from '../../sampling/snapshot.ts';
import { secondBins, type TimedValues } from './bins.ts';
import type { Observation } from './observation.ts';

export interface ApiOptions {
  readonly node: string;
  readonly now: () => number;
  /** Longest history that is kept, seconds. */
  readonly historySeconds: number;
  readonly snapshot: () => Snapshot;
  readonly observe: () => Observation;
  /** Why simulated GPUs stand in, empty otherwise. */
  readonly fallbackReason: () => string;
  readonly history: (
    uuid: string,
    seconds: number,
  ) => Readonly<Partial<Record<string, TimedValues>>> | null;
}

/** The JSON behind the page; shapes in src/web/pages/api.ts. */
export function apiRoutes(options: ApiOptions): readonly Route[] {
  return [
    {
      path: '/api/v1/gpus',
      description: 'GPUs now: readings, verdicts, annotations (JSON)',
      handle: () => jsonResponse(200, overview(options)),
    },
    {
      path: '/api/v1/history',
      description: 'means per second: ?seconds=N, ?from=UNIX_SECONDS (JSON)',
      handle: ({ query }) => history(options, query),
    },
  ];
}

function overview(options: ApiOptions): object {
  const { source, timeMs } = options.snapshot();
  const { gpus, annotations } = options.observe();
  const reason = options.fallbackReason();
  return {
    timeMs,
    node: options.node,
    source: {
      kind: source.kind,
      simulated: source.simulated,
      up: source.up,
      detail: reason === '' ? source.detail : reason,
    },
    gpus,
    annotations,
  };
}

function history(options: ApiOptions, query: URLSearchParams): WebResponse {
  const seconds = wholeNumber(query.get('seconds'), options.historySeconds);
  const from = wholeNumber(query.get('from'), 0);
  if (seconds === null || from === null) {
    return jsonResponse(400, { error: 'seconds and from must be whole numbers' });
  }
  const nowSeconds = Math.floor(options.now() / 1000);
  const span = Math.min(seconds, options.historySeconds);
  const startSeconds = Math.min(nowSeconds, Math.max(nowSeconds - span + 1, from));
  const count = nowSeconds - startSeconds + 1;
  const gpus: Record<string, object> = {};
  for (const { device } of options.snapshot().gpus) {
    const channels = options.history(device.uuid, count + 1) ?? {};
    const bins = (channel: string): (number | null)[] =>
      secondBins(channels[channel], startSeconds, count);
    gpus[device.uuid] = {
      util: bins('util'),
      memUsedMiB: bins('memUsed'),
      powerWatts: bins('power'),
    };
  }
  return jsonResponse(200, { startSeconds, gpus });
}

function wholeNumber(text: string | null, otherwise: number): number | null {
  if (text === null) return otherwise;
  return /^\d{1,12}$/.test(text) ? Number(text) : null;
}
