import { AsyncLocalStorage } from 'node:async_hooks';
import childProcess from 'node:child_process';

type Callback = (error: unknown, data?: unknown) => void;
/** What the package calls to run `nvidia-smi -q -x`: the shape of child_process.exec as far as it uses it. */
type Exec = (
  command: string,
  callback: (error: unknown, stdout: string, stderr: string) => void,
) => void;

let loaded: Promise<{ query: (callback: Callback) => void; exec: AsyncLocalStorage<Exec> }> | null =
  null;

/**
 * Runs the npm package node-nvidia-smi with `readXml` in the place of its child_process.exec, and gives its tree: nested objects by element
 * name, text as strings, repeated elements as arrays (see docs/adr/0003-nvidia-smi-package.md for why it is not left to run the command itself).
 * Rejects with what `readXml` throws, or with the parser's error.
 */
export async function queryThroughPackage(readXml: () => Promise<string>): Promise<unknown> {
  loaded ??= load();
  const { query, exec } = await loaded;
  return new Promise((resolve, reject) => {
    let taken = false;
    const run: Exec = (_command, callback) => {
      taken = true;
      readXml().then((xml) => {
        try {
          callback(null, xml, '');
        } catch (error) {
          reject(toError(error));
        }
      }, reject);
    };
    exec.run(run, () => {
      query((error, data) => {
        if (error) reject(toError(error));
        else resolve(data);
      });
    });
    if (!taken) reject(new Error('node-nvidia-smi was loaded before its exec could be replaced'));
  });
}

/** The package takes `exec` from child_process once, when it is loaded; from then on it calls the function of the query that runs. */
async function load(): Promise<NonNullable<Awaited<typeof loaded>>> {
  const exec = new AsyncLocalStorage<Exec>();
  const exports = childProcess as { exec: unknown };
  const original = exports.exec as Exec;
  exports.exec = (...call: Parameters<Exec>) => (exec.getStore() ?? original)(...call);
  try {
    // @ts-expect-error The package has no types.
    const module = (await import('node-nvidia-smi')) as { default: (callback: Callback) => void };
    return { query: module.default, exec };
  } finally {
    exports.exec = original;
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
