import { systemClock, type Clock } from '../../../src/lib/clock.ts';
import { createPrometheusClient, type PrometheusClient } from '../../../src/prometheus/client.ts';
import {
  createPrometheusUsage,
  type PrometheusUsageOptions,
} from '../../../src/controller/prometheus-usage.ts';
import type { FleetUsage, UsageSource } from '../../../src/controller/usage-source.ts';
import { startFakePrometheus, type FakePrometheus } from '../fake-prometheus/fake-prometheus.ts';
import { TinyStore } from '../fake-prometheus/tiny-store.ts';

/** Usage read from series in memory, through the real client; clocks of the store and of the reader move only when told to. */
export interface UsageRig {
  readonly server: FakePrometheus;
  readonly store: TinyStore;
  readonly client: PrometheusClient;
  /** Follows `pass`. */
  readonly clock: Clock;
  nowSeconds: number;
  /** Lets time pass for everybody. */
  pass(seconds: number): void;
  source(options?: Partial<PrometheusUsageOptions>): UsageSource;
  close(): Promise<void>;
}

export async function startUsageRig(): Promise<UsageRig> {
  const startSeconds = Math.floor(Date.now() / 1_000);
  const store = new TinyStore([], startSeconds);
  const server = await startFakePrometheus((query) => store.answer(query));
  const client = createPrometheusClient({
    url: server.url,
    timeoutMs: 5_000,
    maxBodyBytes: 5_000_000,
  });
  const rig: UsageRig = {
    server,
    store,
    client,
    clock: {
      ...systemClock,
      now: () => rig.nowSeconds * 1_000,
      monotonicMs: () => (rig.nowSeconds - startSeconds) * 1_000,
    },
    nowSeconds: startSeconds,
    pass: (seconds) => {
      rig.nowSeconds += seconds;
      store.nowSeconds += seconds;
    },
    source: (options = {}) =>
      createPrometheusUsage({
        client,
        dialects: 'auto',
        nodeLabels: ['node', 'Hostname', 'instance'],
        windowMs: 600_000,
        inFlight: 2,
        shardBytes: 100_000,
        clock: rig.clock,
        ...options,
      }),
    close: async () => {
      client.close();
      await server.close();
    },
  };
  return rig;
}

export function codesOf({ problems }: Pick<FleetUsage, 'problems'>): string[] {
  return problems.map(({ code }) => code);
}
