import type { AppContext } from '../app/app-context.ts';
import type { Mode } from '../config/option-spec.ts';
import { loadSettings } from '../config/load.ts';
import type { Settings } from '../config/options.ts';
import { printConfig } from '../config/print-config.ts';
import { systemClock } from '../lib/clock.ts';
import { createLogger, type Logger } from '../lib/logger.ts';
import type { CliContext } from './command.ts';
import { optionHelp } from './option-help.ts';
import { version, versionLine } from './version.ts';

export interface ModeCommand<M extends Mode> {
  readonly mode: M;
  /** Above the options in --help: what it is, examples, what to do next. */
  readonly intro: string;
  /** Loads the application only when it is to run: a collector never loads the Kubernetes client. */
  readonly load: () => Promise<(context: AppContext<M>) => Promise<number>>;
}

/** Runs a command that has settings: help and version first, then configuration, then the application. */
export async function runMode<M extends Mode>(
  { mode, intro, load }: ModeCommand<M>,
  argv: readonly string[],
  context: CliContext,
): Promise<number> {
  const { stdout, env, signal } = context;
  // Before anything is checked: help is most wanted when something else is wrong.
  if (asks(argv, '--help', '-h')) {
    stdout.write(`${intro.trim()}\n\n${optionHelp(mode, stdout.columns)}`);
    return 0;
  }
  if (asks(argv, '--version')) {
    stdout.write(versionLine());
    return 0;
  }
  const { settings, origins, warnings } = await loadSettings(mode, {
    argv,
    env,
    readFile: (path) => context.readFile(path),
  });
  const common: Settings<Mode> = settings;
  if (common['print-config']) {
    stdout.write(printConfig(mode, { ...settings }, { ...origins }));
    return 0;
  }
  const log = loggerFor(common, context);
  for (const warning of warnings) log.warn({ detail: warning }, 'configuration looks wrong');
  const run = await load();
  return run({
    settings,
    log,
    clock: systemClock,
    signal,
    stdout,
    stderr: context.stderr,
    keys: context.keys,
    version,
    registerHardEnd: (hardEnd) => context.registerHardEnd(hardEnd),
  });
}

function asks(argv: readonly string[], ...flags: readonly string[]): boolean {
  return argv.some((argument) => flags.includes(argument));
}

function loggerFor(settings: Settings<Mode>, { stderr }: CliContext): Logger {
  return createLogger({
    level: settings['log.level'],
    format: settings['log.format'],
    write: (line) => stderr.write(line),
  });
}
