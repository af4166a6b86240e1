import { runCommand } from './command.ts';

/** What the image is built from; .dockerignore lets nothing else in. */
export const imageSources = [
  'Dockerfile',
  '.dockerignore',
  'LICENSE',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'scripts/build.ts',
  'scripts/app-folder',
  'src',
];

export interface SourceState {
  /** Seconds since 1970: SOURCE_DATE_EPOCH, else the last commit of the sources, else 0. */
  readonly date: number;
  /** Commit, with `-dirty` when the sources differ from it; `unknown` outside a checkout. */
  readonly revision: string;
}

export async function sourceState(root: string): Promise<SourceState> {
  const given = process.env['SOURCE_DATE_EPOCH'] ?? '';
  if (given !== '' && !/^\d+$/.test(given)) {
    throw new Error(`SOURCE_DATE_EPOCH is ${given}, not a number of seconds`);
  }
  try {
    const git = (...args: string[]): Promise<string> =>
      runCommand('git', ['-C', root, ...args, '--', ...imageSources], { what: 'git' });
    const [date = '0', commit = ''] = (await git('log', '-1', '--format=%ct %H')).trim().split(' ');
    const changes = await git('status', '--porcelain');
    const revision = changes === '' ? commit : `${commit}-dirty`;
    return { date: Number(given === '' ? date : given), revision };
  } catch {
    return { date: Number(given), revision: 'unknown' };
  }
}
