import { messageOf } from '../../lib/errors.ts';
import { SourceError } from '../source.ts';

export interface FetchOptions {
  readonly url: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** 16 GPUs with all fields and hundreds of pods stay below 4 MiB. */
const maxBytes = 16 * 2 ** 20;

/**
 * The body of a metrics page.
 * @throws {SourceError} `unreachable` (no connection, a server error), `timeout`, `no_permission` (401, 403), `bad_output` (anything else that is no metrics).
 */
export async function fetchText(options: FetchOptions): Promise<string> {
  const { url, timeoutMs, signal } = options;
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, deadline]),
      // Nobody but whoever set the address says where a request of this node goes.
      redirect: 'manual',
      headers: { accept: 'text/plain; version=0.0.4' },
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw statusFailure(url, response);
    }
    return await readBody(response, url);
  } catch (error) {
    if (error instanceof SourceError) throw error;
    if (deadline.aborted) {
      throw new SourceError('timeout', `${url} gave no answer within ${timeoutMs} ms`, {
        cause: error,
        hint: 'dcgm-exporter hangs or is overloaded: see its log.',
      });
    }
    throw new SourceError('unreachable', `cannot read ${url}: ${messageOf(error)}`, {
      cause: error,
      hint: 'Check that dcgm-exporter runs on this node and that --dcgm.url names it (port 9400 by default).',
    });
  }
}

async function readBody(response: Response, url: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    const part = chunk as Uint8Array;
    bytes += part.length;
    if (bytes > maxBytes) {
      throw new SourceError('bad_output', `${url} gave more than ${maxBytes} bytes`, {
        hint: 'Check that --dcgm.url names the metrics of dcgm-exporter.',
      });
    }
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

function statusFailure(url: string, { status, headers }: Response): SourceError {
  const message = `${url} answered with HTTP status ${status}`;
  if (status === 401 || status === 403) {
    return new SourceError('no_permission', message, {
      hint: 'dcgm-exporter asks for credentials (its web configuration file), and none can be given here: let it answer without them on this node.',
    });
  }
  const location = headers.get('location');
  if (status >= 300 && status < 400 && location !== null) {
    return new SourceError('bad_output', `${message} and points to ${location.slice(0, 200)}`, {
      hint: 'Redirects are not followed: give the address it points to as --dcgm.url if it is meant.',
    });
  }
  return status >= 500
    ? new SourceError('unreachable', message, { hint: 'See the log of dcgm-exporter.' })
    : new SourceError('bad_output', message, {
        hint: 'Check the path of --dcgm.url, usually /metrics.',
      });
}
