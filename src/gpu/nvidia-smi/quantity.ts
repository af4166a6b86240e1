import { isWithin, readingLimits } from '../reading-limits.ts';
import type { Limits } from '../reading-limits.ts';
import type { DownReason, MissingReason } from '../source.ts';

/** What nvidia-smi said in one field. */
export type Field =
  | { readonly kind: 'value'; readonly value: number }
  | { readonly kind: 'missing'; readonly reason: MissingReason }
  | { readonly kind: 'down'; readonly reason: DownReason; readonly detail: string };

interface Quantity {
  /** Unit as printed (lower case) → factor to ours; the empty unit is a number whose unit stands in a header or nowhere. */
  readonly units: Readonly<Record<string, number>>;
  /** Of the readings of this quantity. */
  readonly limits: Limits;
}

/** Quantities that nvidia-smi prints; values are converted to the unit in the comment. */
export const quantities = {
  /** % */
  percent: { units: { '': 1, '%': 1 }, limits: readingLimits.utilPercent },
  /** % */
  fan: { units: { '': 1, '%': 1 }, limits: readingLimits.fanPercent },
  /** bytes; a bare number is MiB, as with nounits. */
  memory: {
    units: { '': 2 ** 20, b: 1, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, mb: 2 ** 20 },
    limits: readingLimits.memoryTotalBytes,
  },
  /** W */
  power: { units: { '': 1, w: 1, mw: 1e-3 }, limits: readingLimits.powerWatts },
  /** °C */
  temperature: { units: { '': 1, c: 1 }, limits: readingLimits.temperatureCelsius },
  /** Hz; a bare number is MHz. */
  clock: {
    units: { '': 1e6, mhz: 1e6, khz: 1e3, ghz: 1e9 },
    limits: readingLimits.memoryClockHertz,
  },
  /** lanes */
  width: { units: { '': 1, x: 1 }, limits: readingLimits.pcieWidth },
  performanceState: { units: { '': 1 }, limits: readingLimits.performanceState },
  generation: { units: { '': 1 }, limits: readingLimits.pcieGeneration },
  count: { units: { '': 1 }, limits: readingLimits.processCount },
} as const satisfies Readonly<Record<string, Quantity>>;
export type QuantityName = keyof typeof quantities;

const excuses: readonly (readonly [RegExp, MissingReason])[] = [
  [/^(n\/a|none|reserved|-|unavailable|not found|not active)?$/, 'not_available'],
  [/not supported|unsupported/, 'not_supported'],
  [/insufficient permission|no permission|access denied/, 'no_permission'],
  [/deprecated/, 'deprecated'],
  [/function not found/, 'function_not_found'],
  [/^requires |wddm|not available in/, 'requires_other_mode'],
];

/**
 * Reads one field: `54 %`, `70.52 W`, `P8`, `16x`; or why there is no number: `[N/A]`, `Not Supported`, `ERR!`, `GPU is lost`…
 * Undefined (the element is not in the document) is `not_available`. `unit: 'required'`: a form that prints units always; a number
 * without one was cut short (100 to 1, 81006 MiB to 81).
 */
export function readField(
  text: string | undefined,
  quantity: QuantityName,
  { unit: unitIs = 'optional' }: { readonly unit?: 'optional' | 'required' } = {},
): Field {
  const body = (text ?? '')
    .trim()
    .replace(/^\[(.*)\]$/s, '$1')
    .trim();
  const down = downReasonOf(body);
  if (down) return { kind: 'down', reason: down, detail: body.slice(0, 200) };
  const match = /^(?:P(?=\d))?([-+]?\d+(?:\.\d+)?)\s*([a-zA-Z%]*)$/.exec(body);
  if (!match) return { kind: 'missing', reason: reasonOf(body) };
  const { units, limits }: Quantity = quantities[quantity];
  const unit = (match[2] ?? '').toLowerCase();
  const isCut = unit === '' && unitIs === 'required' && Object.keys(units).length > 1;
  const factor = !isCut && Object.hasOwn(units, unit) ? units[unit] : undefined;
  if (factor === undefined) return { kind: 'missing', reason: 'unknown_error' };
  const value = Number(match[1]) * factor;
  return isWithin(value, limits)
    ? { kind: 'value', value }
    : { kind: 'missing', reason: 'out_of_range' };
}

/** The text itself, or undefined where nvidia-smi only says that there is none. */
export function readText(text: string | undefined): string | undefined {
  const body = (text ?? '')
    .trim()
    .replace(/^\[(.*)\]$/s, '$1')
    .trim();
  if (downReasonOf(body) || body === '' || body.length > 200) return undefined;
  return /^(n\/a|none|not found|unknown error|err!)$/i.test(body) ||
    excuses.some(
      ([pattern, reason]) => reason !== 'not_available' && pattern.test(body.toLowerCase()),
    )
    ? undefined
    : body;
}

/** Whether a text says that the GPU itself is gone. Wordings differ between releases. */
export function downReasonOf(text: string): DownReason | undefined {
  if (/gpu is lost|fallen off the bus/i.test(text)) return 'gpu_lost';
  if (/gpu requires reset|reset required|requires a reset/i.test(text)) return 'reset_required';
  return undefined;
}

function reasonOf(body: string): MissingReason {
  const plain = body.toLowerCase();
  return excuses.find(([pattern]) => pattern.test(plain))?.[1] ?? 'unknown_error';
}
