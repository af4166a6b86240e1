import { microTime } from './micro-time.ts';
import { field } from './node-metadata.ts';

/** What we need of a Lease. Whatever is missing or garbage in one reads as null: it is taken over, not choked on. */
export interface LeaseRecord {
  readonly uid: string | null;
  readonly resourceVersion: string;
  readonly holder: string | null;
  readonly leaseDurationSeconds: number | null;
  readonly transitions: number;
  readonly acquireTime: string | null;
  /** Changes when the holder renews. Only compared, never read as a clock. */
  readonly renewal: string;
  readonly annotations: Readonly<Record<string, string>>;
  /** Fields that are not ours, to be kept. */
  readonly rawSpec: Readonly<Record<string, unknown>>;
}

export function leaseRecord(object: unknown): LeaseRecord {
  const metadata = field(object, 'metadata');
  const spec = field(object, 'spec');
  const holder = textOr(field(spec, 'holderIdentity'), '').trim();
  const duration = numberOr(field(spec, 'leaseDurationSeconds'), 0);
  const transitions = numberOr(field(spec, 'leaseTransitions'), 0);
  return {
    uid: textOr(field(metadata, 'uid'), null),
    resourceVersion: textOr(field(metadata, 'resourceVersion'), ''),
    holder: holder === '' ? null : holder,
    leaseDurationSeconds: Number.isInteger(duration) && duration > 0 ? duration : null,
    transitions,
    acquireTime: textOr(field(spec, 'acquireTime'), null),
    renewal: JSON.stringify([holder, field(spec, 'renewTime') ?? null, transitions]),
    annotations: texts(field(metadata, 'annotations')),
    rawSpec: typeof spec === 'object' && spec !== null ? { ...spec } : {},
  };
}

function textOr<Else>(value: unknown, otherwise: Else): string | Else {
  return typeof value === 'string' ? value : otherwise;
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}

function texts(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

export interface LeaseBodyOptions {
  readonly name: string;
  readonly namespace: string;
  /** Empty: given up, so that another may take it at once. */
  readonly holder: string;
  readonly durationMs: number;
  readonly nowMs: number;
  readonly annotations: Readonly<Record<string, string>>;
  /** What is there now; null: the Lease is to be created. */
  readonly current: LeaseRecord | null;
}

/** The Lease object to send. */
export function leaseBody(options: LeaseBodyOptions): unknown {
  const { current, holder, nowMs } = options;
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: options.name,
      namespace: options.namespace,
      ...(current === null ? {} : { resourceVersion: current.resourceVersion }),
      annotations: { ...current?.annotations, ...options.annotations },
    },
    spec: {
      ...current?.rawSpec,
      holderIdentity: holder,
      ...(holder === '' ? released(options) : held(options)),
      renewTime: microTime(nowMs),
    },
  };
}

function held({ current, holder, durationMs, nowMs }: LeaseBodyOptions): object {
  const keeps = current !== null && current.holder === holder;
  return {
    leaseDurationSeconds: Math.max(1, Math.round(durationMs / 1_000)),
    acquireTime: keeps && isMicroTime(current.acquireTime) ? current.acquireTime : microTime(nowMs),
    leaseTransitions: current === null ? 0 : current.transitions + (keeps ? 0 : 1),
  };
}

function released({ current, nowMs }: LeaseBodyOptions): object {
  const acquireTime = current?.acquireTime ?? null;
  return {
    leaseDurationSeconds: 1,
    acquireTime: isMicroTime(acquireTime) ? acquireTime : microTime(nowMs),
    leaseTransitions: current?.transitions ?? 0,
  };
}

function isMicroTime(text: string | null): boolean {
  return text !== null && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(text);
}
