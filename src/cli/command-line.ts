import { didYouMean } from '../config/suggestion.ts';
import { UsageError } from '../lib/errors.ts';
import { analyzeCommand } from './analyze.ts';
import { cleanupCommand } from './cleanup.ts';
import { collectorCommand } from './collector.ts';
import type { CliContext, Command } from './command.ts';
import { controllerCommand } from './controller.ts';
import { standaloneCommand } from './standalone.ts';
import { versionCommand } from './version.ts';

const helpCommand: Command = {
  name: 'help',
  summary: 'Show this text, or the help of a command: gpu-profiler help collector.',
  run: async (argv, context) => {
    const [name] = argv;
    if (name !== undefined && name !== 'help' && !name.startsWith('-')) {
      return commandNamed(name).run(['--help'], context);
    }
    context.stdout.write(overview());
    return 0;
  },
};

/** All of them, in the order of the help. */
export const commands: readonly Command[] = [
  standaloneCommand,
  collectorCommand,
  controllerCommand,
  analyzeCommand,
  cleanupCommand,
  versionCommand,
  helpCommand,
];

/**
 * Runs `gpu-profiler ARGUMENTS` and resolves to the exit code.
 * @throws {UsageError} when the arguments cannot be understood
 */
export async function runCommandLine(
  argv: readonly string[],
  context: CliContext,
): Promise<number> {
  const [first, ...rest] = argv;
  if (first === undefined || first === '--help' || first === '-h')
    return helpCommand.run([], context);
  if (first === '--version') return versionCommand.run([], context);
  if (first.startsWith('-')) {
    throw new UsageError(`The command comes first, before ${first}`, {
      hint: `Such as: gpu-profiler standalone ${argv.join(' ')}`,
    });
  }
  return commandNamed(first).run(rest, context);
}

function commandNamed(name: string): Command {
  const found = commands.find((command) => command.name === name);
  if (found !== undefined) return found;
  const names = commands.map((command) => command.name);
  throw new UsageError(`"${name}" is not a command of gpu-profiler`, {
    hint: didYouMean(name, names, `Commands: ${names.join(', ')}.`) ?? '',
  });
}

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  const list = commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `gpu-profiler shows how GPUs are used: it reads them on each node, exports Prometheus metrics,
finds patterns (cyclic training, bursty inference, held idle …), and annotates Kubernetes nodes with them.

Usage: gpu-profiler COMMAND [flags]

Commands:
${list.join('\n')}

Examples:
  gpu-profiler standalone                                          see the GPUs of this machine, now
  gpu-profiler collector                                           serve their metrics on :9876
  gpu-profiler controller --prometheus.url URL --once --dry-run    see what the nodes would be told

Every flag is also an environment variable (--web.listen-address is GPU_PROFILER_WEB_LISTEN_ADDRESS)
and a key of a YAML file (--config.file). Flag goes over environment, environment over file.

Next: gpu-profiler COMMAND --help
`;
}
