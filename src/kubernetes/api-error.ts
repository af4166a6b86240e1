import { CodedError } from '../lib/errors.ts';

export type ApiErrorCode =
  | 'bad_kubeconfig'
  | 'credentials'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'gone'
  | 'invalid'
  | 'too_many_requests'
  | 'server_error'
  | 'bad_answer'
  | 'timeout'
  | 'tls'
  | 'unreachable'
  | 'aborted'
  | 'not_sent';

export interface ApiErrorDetails {
  readonly cause?: unknown;
  readonly hint?: string;
  /** HTTP status; absent where no answer came. */
  readonly status?: number;
  /** From Retry-After (or the Status' retryAfterSeconds): do not ask again earlier. */
  readonly retryAfterMs?: number;
  /** `details.causes[].field` of the Status object, such as metadata.uid. */
  readonly causeFields?: readonly string[];
  /** Of a 403: our role lacks the verb; otherwise somebody objects to this one request. */
  readonly missesRight?: boolean;
}

/** A failure of talking to the API server, told apart by `code`, never by the message. */
export class ApiError extends CodedError<ApiErrorCode> {
  override readonly name = 'ApiError';
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
  readonly causeFields: readonly string[];
  readonly missesRight: boolean;

  constructor(code: ApiErrorCode, message: string, details: ApiErrorDetails = {}) {
    super(code, message, details);
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
    this.causeFields = details.causeFields ?? [];
    this.missesRight = details.missesRight ?? false;
  }
}

const retryable: ReadonlySet<ApiErrorCode> = new Set([
  'credentials',
  'unauthorized',
  'conflict',
  'too_many_requests',
  'server_error',
  'bad_answer',
  'timeout',
  'tls',
  'unreachable',
]);

/** True where the same request may work later without anybody changing it. */
export function isRetryable(error: unknown): boolean {
  return error instanceof ApiError && retryable.has(error.code);
}

export function isApiError(error: unknown, code: ApiErrorCode): error is ApiError {
  return error instanceof ApiError && error.code === code;
}

/** The server refuses a body whose metadata.uid is not the object's: 422 with that field as cause (not 409). */
export function isUidMismatch(error: unknown): boolean {
  return isApiError(error, 'invalid') && error.causeFields.includes('metadata.uid');
}
