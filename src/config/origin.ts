import type { OptionName } from './options.ts';

/** Where a value came from. */
export type Origin =
  | { readonly kind: 'flag'; readonly name: string }
  | { readonly kind: 'environment'; readonly name: string }
  | { readonly kind: 'file'; readonly path: string; readonly line: number | null }
  | { readonly kind: 'default' };

/** A value as it was found, before its type is checked: text from flags and the environment, anything from a file. */
export interface RawValue {
  readonly name: OptionName;
  readonly origin: Origin;
  readonly value: unknown;
}

const strengths = { flag: 3, environment: 2, file: 1, default: 0 } as const;

/** Flag over environment over file over default: greater wins. */
export function strengthOf(origin: Origin): number {
  return strengths[origin.kind];
}

/** For people: `flag --interval`, `environment variable GPU_PROFILER_INTERVAL`, `file /etc/x.yaml:3`, `default`. */
export function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'flag':
      return `flag ${origin.name}`;
    case 'environment':
      return `environment variable ${origin.name}`;
    case 'file':
      return `file ${origin.path}${origin.line === null ? '' : `:${origin.line}`}`;
    default:
      return 'default';
  }
}
