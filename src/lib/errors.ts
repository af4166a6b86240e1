/**
 * An error with a machine-readable code and the next step for the user.
 * `code` is a union of string literals per domain; tell errors apart by it, never by the message.
 */
export class CodedError<Code extends string = string> extends Error {
  override readonly name: string = 'CodedError';
  readonly code: Code;
  /** What the user can do about it, one sentence; absent when there is nothing to do. */
  readonly hint: string | undefined;

  constructor(code: Code, message: string, options: { cause?: unknown; hint?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }
}

/** Wrong use of the command line or the configuration: shown without a stack, exit code 2. */
export class UsageError extends CodedError<'usage'> {
  override readonly name = 'UsageError';

  constructor(message: string, options: { cause?: unknown; hint?: string } = {}) {
    super('usage', message, options);
  }
}

/** The message of anything thrown, with the messages of its causes, outermost first. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.message === '' ? error.name : error.message;
  if (error.cause === undefined) return own;
  const cause = messageOf(error.cause);
  return own.includes(cause) ? own : `${own}: ${cause}`;
}

/** The code of a coded error or of a system error (`ENOENT`), if it has one. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Whether something failed only because it was told to stop: an aborted signal is among its causes. */
export function isAbort(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'AbortError' || codeOf(error) === 'aborted' || isAbort(error.cause);
}
