import packageFile from '../../package.json' with { type: 'json' };
import type { Command } from './command.ts';

export const version: string = packageFile.version;

export const versionCommand: Command = {
  name: 'version',
  summary: 'Show the version.',
  run: (_argv, { stdout }) => {
    stdout.write(versionLine());
    return Promise.resolve(0);
  },
};

/** The version of the program and of what it runs on, which is what a report of a fault needs. */
export function versionLine(): string {
  return `gpu-profiler ${version} (Node ${process.versions.node}, ${process.platform} ${process.arch})\n`;
}
