import { messageOf, codeOf } from './errors.ts';
import { printable } from './control-characters.ts';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];
export type LogFormat = 'text' | 'json';
export type LogFields = Readonly<Record<string, unknown>>;

/** Fields first, then a message that never varies, so that logs can be grouped by it. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** The same logger with fields added to each line. */
  child(fields: LogFields): Logger;
}

export interface LoggerOptions {
  level: LogLevel;
  format: LogFormat;
  /** Receives one line, newline included. */
  write: (line: string) => void;
  now?: () => Date;
}

const ours: ReadonlySet<string> = new Set(['time', 'level', 'message']);

/** A logger that writes lines of text (`time level message key=value`) or JSON objects. */
export function createLogger(options: LoggerOptions, bound: LogFields = {}): Logger {
  const lowest = logLevels.indexOf(options.level);
  const log = (level: LogLevel, fields: LogFields, message: string): void => {
    if (logLevels.indexOf(level) < lowest) return;
    const time = (options.now?.() ?? new Date()).toISOString();
    const all = flatten({ ...bound, ...fields });
    options.write(
      options.format === 'json'
        ? `${printable(JSON.stringify({ time, level, message, ...besideOurs(all) }))}\n`
        : `${time} ${level.padEnd(5)} ${printable(message)}${textFields(all)}\n`,
    );
  };
  return {
    debug: (fields, message) => log('debug', fields, message),
    info: (fields, message) => log('info', fields, message),
    warn: (fields, message) => log('warn', fields, message),
    error: (fields, message) => log('error', fields, message),
    child: (fields) => createLogger(options, { ...bound, ...fields }),
  };
}

/** A logger that drops everything. */
export const silentLogger: Logger = createLogger({
  level: 'error',
  format: 'text',
  write: () => undefined,
});

/** In JSON a field named as one of ours would take its place, so it goes by `level_`. */
function besideOurs(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [ours.has(key) ? `${key}_` : key, value]),
  );
}

function flatten(fields: LogFields): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value instanceof Error) {
      flat[key] = messageOf(value);
      const code = codeOf(value);
      if (code !== undefined) flat[`${key}Code`] = code;
    } else if (value !== undefined) {
      flat[key] = value;
    }
  }
  return flat;
}

function textFields(fields: LogFields): string {
  let text = '';
  for (const [key, value] of Object.entries(fields)) {
    const plain = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
    text += printable(` ${key}=${/^[^\s"=]+$/.test(plain) ? plain : JSON.stringify(plain)}`);
  }
  return text;
}
