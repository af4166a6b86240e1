import { ApiError, type ApiErrorCode } from './api-error.ts';

interface StatusObject {
  readonly message?: unknown;
  readonly reason?: unknown;
  readonly code?: unknown;
  readonly details?: {
    readonly retryAfterSeconds?: unknown;
    readonly causes?: readonly { readonly field?: unknown }[];
  };
}

const codes: Readonly<Record<number, ApiErrorCode>> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  410: 'gone',
  413: 'invalid',
  415: 'invalid',
  422: 'invalid',
  429: 'too_many_requests',
};

const hints: Readonly<Partial<Record<ApiErrorCode, string>>> = {
  unauthorized: 'The credentials were refused: check the token or certificate in the kubeconfig.',
  too_many_requests: 'The API server is busy; the request is repeated later.',
};

/** What the hint for a refused request is made from. */
export interface RefusedRequest {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly watch?: boolean;
}

/** The error for an answer that is not 2xx. `body` is what came, usually a Status object as JSON; `retryAfter` the header, in seconds. */
export function statusError(
  request: RefusedRequest,
  status: number,
  body: string,
  retryAfter?: string,
): ApiError {
  const parsed = parseStatus(body);
  const code = codes[status] ?? (status >= 500 ? 'server_error' : 'bad_answer');
  const retryAfterMs = retryAfterOf(retryAfter, parsed);
  const hint = hintFor(code, request, parsed);
  return new ApiError(code, messageFor(request, status, body, parsed), {
    status,
    causeFields: (parsed?.details?.causes ?? []).flatMap(({ field }) =>
      typeof field === 'string' ? [field] : [],
    ),
    missesRight: code === 'forbidden' && saysMissingRight(parsed),
    ...(hint === undefined ? {} : { hint }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** The error for the object of an ERROR event in a watch (a Status): an expired watch is HTTP 200 and then this. */
export function watchError(request: RefusedRequest, object: unknown): ApiError {
  const status = isStatus(object) && typeof object.code === 'number' ? object.code : 500;
  return statusError(request, status, JSON.stringify(object));
}

function messageFor(
  { method, path }: RefusedRequest,
  status: number,
  body: string,
  parsed: StatusObject | undefined,
): string {
  const said = typeof parsed?.message === 'string' ? parsed.message : body;
  const short = said.replaceAll(/\s+/g, ' ').trim().slice(0, 400);
  return `${method} ${path}: ${status}${short === '' ? '' : ` ${short}`}`;
}

function retryAfterOf(
  header: string | undefined,
  parsed: StatusObject | undefined,
): number | undefined {
  const fromBody = parsed?.details?.retryAfterSeconds;
  for (const value of [header, fromBody]) {
    const seconds = Number(value);
    if (value !== undefined && Number.isFinite(seconds) && seconds >= 0) return seconds * 1_000;
  }
  return undefined;
}

function hintFor(
  code: ApiErrorCode,
  request: RefusedRequest,
  parsed: StatusObject | undefined,
): string | undefined {
  if (code === 'forbidden') return rbacHint(request, parsed);
  const fields = (parsed?.details?.causes ?? []).map(({ field }) => field);
  if (code === 'invalid' && fields.includes('metadata.annotations')) {
    return 'All annotations of an object may hold 262,144 bytes together: remove what others left there.';
  }
  return hints[code];
}

/** The authorizer's own words, whichever of them answered: `User "u" cannot patch resource "nodes" in API group ""`. */
function saysMissingRight(parsed: StatusObject | undefined): boolean {
  return typeof parsed?.message === 'string' && / cannot [a-z]+ resource "/.test(parsed.message);
}

/** Which right is missing, as a rule to add; a denial by an admission policy says so itself. */
function rbacHint(request: RefusedRequest, parsed: StatusObject | undefined): string {
  if (typeof parsed?.message === 'string' && parsed.message.includes('denied request')) {
    return 'An admission policy denied the request: allow our service account to change its own annotations there.';
  }
  const verbs: Readonly<Record<string, string>> = {
    GET: request.watch === true ? 'watch' : 'list',
    POST: 'create',
    PUT: 'update',
    PATCH: 'patch',
    DELETE: 'delete',
  };
  const { group, resource, name } = resourceOf(request.path);
  const verb = request.method === 'GET' && name !== null ? 'get' : (verbs[request.method] ?? 'get');
  return `Add to the role of our service account (see manifests/): apiGroups: ['${group}'], resources: [${resource}], verbs: [${verb}].`;
}

interface Resource {
  readonly group: string;
  /** With its subresource, as RBAC writes it: deployments/scale. */
  readonly resource: string;
  /** null: the collection. */
  readonly name: string | null;
}

function resourceOf(path: string): Resource {
  const match =
    /^\/(?:api|apis\/([^/]+))\/[^/]+\/(?:namespaces\/[^/]+\/)?([^/]+)(?:\/([^/]+)(\/[^/]+)?)?$/.exec(
      path,
    );
  const [, group = '', resource = path, name = null, subresource = ''] = match ?? [];
  return { group, resource: resource + subresource, name };
}

function parseStatus(body: string): StatusObject | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isStatus(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isStatus(value: unknown): value is StatusObject {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'Status';
}
