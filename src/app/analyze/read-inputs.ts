import { CodedError, messageOf } from '../../lib/errors.ts';
import type { AppContext } from '../app-context.ts';
import { inputFiles } from './input/input-files.ts';
import { readRecordings } from './input/read-file.ts';
import { readPrometheus } from './input/read-prometheus.ts';
import type { Progress } from './progress.ts';
import type { Recording, Remark, Trouble } from './recording.ts';

type Context = AppContext<'analyze'>;

/** What was read besides recordings. */
export interface Told {
  readonly troubles: Trouble[];
  readonly remarks: Remark[];
}

/** All recordings, one after the other, so that one may be forgotten before the next is read. What cannot be read is added to what is told. */
export async function* readInputs(
  context: Context,
  told: Told,
  progress: Progress,
): AsyncGenerator<Recording> {
  for (const path of context.settings.files) {
    try {
      yield* fromPath(context, path, told, progress);
    } catch (error) {
      told.troubles.push(troubleOf(path, error));
    }
  }
  yield* await fromPrometheus(context, told);
}

async function* fromPath(
  { settings, signal }: Context,
  path: string,
  told: Told,
  progress: Progress,
): AsyncGenerator<Recording> {
  const others: string[] = [];
  for (const input of await inputFiles(path)) {
    const how = {
      columns: settings.columns,
      dateOrder: settings['date-order'],
      nodeLabels: settings['node.labels'],
      onChunk: (readBytes: number) => {
        const done = input.bytes === null ? null : readBytes / input.bytes;
        progress.show(`reading ${input.name}`, done);
        signal.throwIfAborted();
      },
    };
    try {
      const file = await readRecordings(input, how);
      if (file === null) others.push(input.name);
      else {
        for (const note of file.notes) told.remarks.push({ source: input.name, ...note });
        yield* file.recordings;
      }
    } catch (error) {
      told.troubles.push(troubleOf(input.name, error));
    }
  }
  if (others.length > 0)
    told.remarks.push({ source: path, line: null, message: othersWords(others) });
}

/** Names told one by one. */
const mostOthers = 5;

function othersWords(names: readonly string[]): string {
  const more = names.length - mostOthers;
  const listed = names.slice(0, mostOthers).join(', ');
  return `no recordings: ${listed}${more > 0 ? ` and ${more} more` : ''}`;
}

async function fromPrometheus(context: Context, told: Told): Promise<readonly Recording[]> {
  const { settings, clock, signal } = context;
  const { node, 'prometheus.url': url } = settings;
  if (url === null || node === null) return [];
  try {
    const read = await readPrometheus(settings, { url, node }, clock, signal);
    told.troubles.push(...read.troubles);
    return read.recordings;
  } catch (error) {
    told.troubles.push(troubleOf(url, error));
    return [];
  }
}

/** What one source could not give; what nobody foresaw ends everything. */
function troubleOf(source: string, error: unknown): Trouble {
  if (!(error instanceof CodedError)) throw error;
  return { source, message: messageOf(error), hint: error.hint };
}
