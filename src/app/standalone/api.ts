import type { Snapshot } from '../../sampling/snapshot.ts';
import { jsonResponse, type Route, type WebResponse } from '../../web/route.ts';
import { historyAnswer } from './history-answer.ts';
import type { ChannelHistory, MinuteHistory } from './minute-history.ts';
import type { Observation } from './observation.ts';
import type { StateHistory } from './state-history.ts';
import { needsAttention, stateTerms, usageStates } from './usage-state.ts';

export interface ApiOptions {
  readonly node: string;
  readonly now: () => number;
  /** Longest history of samples that is kept, seconds. */
  readonly historySeconds: number;
  readonly snapshot: () => Snapshot;
  readonly observe: () => Observation;
  /** Why simulated GPUs stand in, empty otherwise. */
  readonly fallbackReason: () => string;
  readonly history: (uuid: string, seconds: number) => ChannelHistory | null;
  readonly minutes: Pick<MinuteHistory, 'means'>;
  readonly states: Pick<StateHistory, 'since'>;
}

const daySeconds = 86_400;

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
      description:
        'means per second: ?seconds=N, ?from=UNIX_SECONDS; per minute over a day: &step=60 (JSON)',
      handle: ({ query }) => history(options, query),
    },
    {
      path: '/api/v1/states',
      description: 'what was said about each GPU, over a day: ?seconds=N (JSON)',
      handle: ({ query }) => states(options, query),
    },
  ];
}

/** Most urgent first. */
const knownStates = usageStates.map((state) => ({
  state,
  term: stateTerms[state],
  needsAttention: needsAttention(state),
}));

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
    states: knownStates,
    gpus,
    annotations,
  };
}

function history(options: ApiOptions, query: URLSearchParams): WebResponse {
  const stepSeconds = wholeNumber(query.get('step'), 1);
  if (stepSeconds !== 1 && stepSeconds !== 60) {
    return jsonResponse(400, { error: 'step must be 1 or 60' });
  }
  const kept = stepSeconds === 1 ? options.historySeconds : daySeconds;
  const seconds = wholeNumber(query.get('seconds'), kept);
  const from = wholeNumber(query.get('from'), 0);
  if (seconds === null || from === null) return notWhole('seconds and from');
  const parts = {
    ...options,
    nowSeconds: Math.floor(options.now() / 1000),
    uuids: options.snapshot().gpus.map(({ device }) => device.uuid),
  };
  const asked = { seconds: Math.max(1, Math.min(seconds, kept)), from, stepSeconds } as const;
  return jsonResponse(200, historyAnswer(parts, asked));
}

function states(options: ApiOptions, query: URLSearchParams): WebResponse {
  const seconds = wholeNumber(query.get('seconds'), daySeconds);
  if (seconds === null) return notWhole('seconds');
  const toMs = options.now();
  const fromMs = toMs - 1000 * Math.min(seconds, daySeconds);
  const gpus = options
    .snapshot()
    .gpus.map(({ device: { uuid } }) => [uuid, options.states.since(uuid, fromMs)] as const);
  return jsonResponse(200, { fromMs, toMs, gpus: Object.fromEntries(gpus) });
}

function notWhole(what: string): WebResponse {
  return jsonResponse(400, { error: `${what} must be whole numbers` });
}

function wholeNumber(text: string | null, otherwise: number): number | null {
  if (text === null) return otherwise;
  return /^\d{1,12}$/.test(text) ? Number(text) : null;
}
