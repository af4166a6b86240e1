import { afterEach } from 'vitest';
import { RunningCollector, valuesOf } from './running-collector.ts';

export interface Collectors {
  /** Started, and listening on a free port. */
  readonly start: (...args: readonly string[]) => Promise<RunningCollector>;
  /** Started, that is all; on a free port unless the arguments name one. */
  readonly startUnready: (...args: readonly string[]) => RunningCollector;
}

/** For the top of a test file: its collectors are ended after each test. */
export function useCollectors(): Collectors {
  const running: RunningCollector[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((collector) => collector.stop()));
  });
  const startUnready: Collectors['startUnready'] = (...args) => {
    const own = args.includes('--web.listen-address');
    const address = own ? [] : ['--web.listen-address', '127.0.0.1:0'];
    const collector = new RunningCollector(['--node-name', 'test-node', ...address, ...args]);
    running.push(collector);
    return collector;
  };
  return { startUnready, start: (...args) => startUnready(...args).listening() };
}

/** Until all eight GPUs of the test have values. */
export function untilRead(collector: RunningCollector): Promise<string> {
  return collector.until(
    'values of every GPU',
    (text) => valuesOf(text, 'gpu_temperature_celsius').size === 8,
  );
}
