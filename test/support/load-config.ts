import { loadSettings, type Loaded } from '../../src/config/load.ts';
import type { Mode } from '../../src/config/option-spec.ts';
import { UsageError } from '../../src/lib/errors.ts';

/** What a command would be started with. */
export interface Given {
  readonly argv?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Text of the file /config.yaml, which is then given by flag. */
  readonly yaml?: string;
}

export async function load<M extends Mode>(
  mode: M,
  { argv = [], env = {}, yaml }: Given,
): Promise<Loaded<M>> {
  return loadSettings(mode, {
    argv: yaml === undefined ? argv : [...argv, '--config.file', '/config.yaml'],
    env,
    readFile: (path) =>
      yaml !== undefined && path === '/config.yaml'
        ? Promise.resolve(yaml)
        : Promise.reject(new Error(`ENOENT: ${path}`)),
  });
}

/** The message and the hint with which the start is refused. */
export async function refusal(mode: Mode, given: Given): Promise<string> {
  const error: unknown = await load(mode, given).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UsageError))
    throw new Error(`expected a UsageError, got ${String(error)}`);
  return `${error.message}\n${error.hint ?? ''}`;
}

/** What a controller needs at least. */
export const url = ['--prometheus.url', 'https://prometheus'];
