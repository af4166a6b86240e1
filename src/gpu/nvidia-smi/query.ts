import type { Clock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/logger.ts';
import { SourceError } from '../source.ts';
import type { SourceErrorCode } from '../source.ts';
import { parseCsv, queryFields, refusedField } from './csv.ts';
import { documentIn } from './document.ts';
import { brokenGpusIn, failureOf, isRefusedAltogether } from './failure.ts';
import type { BrokenGpu } from './failure.ts';
import type { GpuRecord } from './gpu-record.ts';
import { runCommand } from './run-command.ts';
import type { RunResult } from './run-command.ts';
import { parseXml } from './xml.ts';

export interface QueryOptions {
  readonly command: string;
  readonly timeoutMs: number;
  readonly log: Logger;
  readonly clock: Clock;
}

export interface QueryResult {
  readonly records: readonly GpuRecord[];
  /** GPUs that nvidia-smi itself names as unreachable. */
  readonly broken: readonly BrokenGpu[];
}

export interface Query {
  /** `reachable`: GPUs to ask for by -i when a broken one stops the query of all; none: they are tried by index. */
  run(
    signal: AbortSignal,
    reachable: (broken: readonly BrokenGpu[]) => Promise<readonly string[]>,
  ): Promise<QueryResult>;
}

/** Failures that another form of the query cannot get around. */
const hopeless: readonly SourceErrorCode[] = [
  'driver_not_loaded',
  'version_mismatch',
  'no_gpu',
  'no_permission',
  'access_blocked',
  'library_missing',
];
/** How long the CSV form is used before the XML is tried again. */
const csvForMs = 60_000;
const mostIndexes = 16;
/** How long a killed run is waited for. */
export const killGraceMs = 500;
/** Refusals in a row, after nvidia-smi has worked before, that are taken for final. */
const fatalRefusals = 5;

/**
 * Asks nvidia-smi: the XML dump, and the CSV query where the dump cannot be used. Never two runs at once:
 * while a killed run has not ended (a call stuck in the driver), asking again fails at once.
 */
export function createQuery(options: QueryOptions): Query {
  const { command, timeoutMs, log, clock } = options;
  let fields = queryFields;
  let useCsvUntilMs = Number.NEGATIVE_INFINITY;
  let running = false;
  let hasWorked = false;
  let refusals = 0;

  const runOnce = async (args: readonly string[], signal: AbortSignal): Promise<RunResult> => {
    if (running) {
      throw new SourceError('timeout', `an earlier run of ${command} has not ended yet`, {
        hint: 'It is stuck in the driver: see the kernel log (dmesg | grep -i nvrm).',
      });
    }
    running = true;
    const run = runCommand({ command, args, timeoutMs, signal });
    void run.ended.then(() => {
      running = false;
    });
    try {
      return await run.result;
    } finally {
      // A killed run is gone in a moment, unless it is stuck.
      await Promise.race([run.ended, clock.sleep(killGraceMs)]);
    }
  };

  const queryXml = async (signal: AbortSignal): Promise<QueryResult> => {
    const { stdout, stderr, exitCode } = await runOnce(['-q', '-x'], signal);
    const output = `${stdout}\n${stderr}`;
    // A complete document counts whatever the exit code: 14 only warns of a corrupt infoROM.
    if (documentIn(stdout) === null) {
      refusals = isRefusedAltogether(output) ? refusals + 1 : 0;
      const onlyNewContainerHelps = hasWorked && refusals >= fatalRefusals;
      throw new UnusableOutput(failureOf(output, exitCode), output, onlyNewContainerHelps);
    }
    refusals = 0;
    const records = await parseXml(stdout);
    hasWorked ||= records.length > 0;
    return { records, broken: brokenGpusIn(output) };
  };

  const queryCsv = async (signal: AbortSignal, ids: readonly string[]): Promise<QueryResult> => {
    for (;;) {
      const args = [`--query-gpu=${fields.join(',')}`, '--format=csv'];
      if (ids.length > 0) args.push('-i', ids.join(','));
      const { stdout, stderr, exitCode } = await runOnce(args, signal);
      const refused = refusedField(`${stdout}\n${stderr}`);
      if (refused !== undefined && fields.includes(refused)) {
        fields = fields.filter((field) => field !== refused);
        continue;
      }
      const csv = parseCsv(stdout);
      if (csv === null || csv.records.length === 0) {
        throw failureOf(`${stdout}\n${stderr}`, exitCode);
      }
      return { records: csv.records, broken: [...csv.broken, ...brokenGpusIn(stderr)] };
    }
  };

  /** The GPUs beside the broken ones: those that are known, else all that it lists without them, else one index after the other. */
  const queryOthers = async (
    signal: AbortSignal,
    broken: readonly BrokenGpu[],
    reachable: (broken: readonly BrokenGpu[]) => Promise<readonly string[]>,
  ): Promise<QueryResult> => {
    const ids = await reachable(broken);
    if (ids.length > 0) return queryCsv(signal, ids);
    return await queryCsv(signal, []).catch((error: unknown) => {
      if (!(error instanceof SourceError) || isFinal(error, signal)) throw error;
      return queryByIndex(signal);
    });
  };

  const queryByIndex = async (signal: AbortSignal): Promise<QueryResult> => {
    const untilMs = clock.monotonicMs() + timeoutMs;
    const found = new Map<string, QueryResult>();
    for (let index = 0; index < mostIndexes && clock.monotonicMs() < untilMs; index += 1) {
      try {
        const result = await queryCsv(signal, [String(index)]);
        const { pciBusId, uuid = '' } = result.records[0]?.device ?? {};
        if (found.has(pciBusId ?? uuid)) break;
        found.set(pciBusId ?? uuid, result);
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        // Beyond the last one.
        if (error.code === 'no_gpu') break;
        // The broken one has an index as well, at which nvidia-smi stops again.
        if (isFinal(error, signal)) throw error;
      }
    }
    return { records: [...found.values()].flatMap(({ records }) => records), broken: [] };
  };

  return {
    run: async (signal, reachable) => {
      if (clock.monotonicMs() < useCsvUntilMs) return queryCsv(signal, []);
      try {
        return await queryXml(signal);
      } catch (error) {
        if (!(error instanceof SourceError) || isFinal(error, signal)) throw error;
        const broken = brokenGpusIn(outputOf(error));
        try {
          const result =
            broken.length > 0
              ? await queryOthers(signal, broken, reachable)
              : await queryCsv(signal, []);
          if (broken.length === 0) useCsvUntilMs = clock.monotonicMs() + csvForMs;
          log.debug({ error }, 'nvidia-smi gave no usable XML, its CSV is used');
          return { ...result, broken: [...broken, ...result.broken] };
        } catch {
          throw error;
        }
      }
    },
  };
}

function isFinal(error: SourceError, signal: AbortSignal): boolean {
  const code = error.code;
  return (
    signal.aborted || hopeless.includes(code) || code === 'timeout' || code === 'command_missing'
  );
}

/** A failure that carries the whole output, as its message is cut. */
class UnusableOutput extends SourceError {
  readonly output: string;

  constructor(failure: SourceError, output: string, fatal: boolean) {
    super(failure.code, failure.message, {
      ...(failure.hint !== undefined && { hint: failure.hint }),
      fatal: fatal || failure.fatal,
    });
    this.output = output;
  }
}

function outputOf(error: SourceError): string {
  return error instanceof UnusableOutput ? error.output : '';
}
