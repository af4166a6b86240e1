import type { DateOrder } from './recorded-gpu.ts';

/** A moment that a recording names. `unix`: since 1970, UTC where no zone is given; `seconds`: since midnight, where there is no date. */
export interface Stamp {
  readonly base: 'unix' | 'seconds';
  readonly seconds: number;
}

/** ambiguous: the day may be the month; unknown: no time in any form that is known. */
export type NoStamp = 'ambiguous' | 'unknown';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

const clock = String.raw`(?<h>\d{1,2}):(?<min>\d\d)(?::(?<s>\d\d)(?:[.,](?<f>\d{1,9}))?)?`;
const half = String.raw`(?:[\s\u202f]?(?<half>[ap])\.?m\.?)?`;
const zone = String.raw`(?:\s?(?<zone>Z|UTC|GMT|[-+]\d\d:?\d\d)|\s[A-Z]{3,4})?`;
const time = `${clock}${half}${zone}`;

/** Forms of dates, the most usual first; the parts that each names are y, m, d, or a and b where only the order tells. */
const forms: readonly RegExp[] = [
  String.raw`(?<y>\d{4})[-/.年](?<m>\d{1,2})[-/.月](?<d>\d{1,2})日?[T\s]\s?${time}`,
  String.raw`(?<y>\d{4})(?<m>\d\d)(?<d>\d\d)[T\s]\s?${time}`,
  String.raw`(?<d>\d{1,2})\.\s?(?<m>\d{1,2})\.\s?(?<y>\d{4}),?\s${time}`,
  String.raw`(?<a>\d{1,2})[/-](?<b>\d{1,2})[/-](?<y>\d{4}),?\s${time}`,
  String.raw`(?:[A-Z][a-z]{2,9},?\s)?(?<name>[A-Z][a-z]{2})[a-z]{0,6}\s{1,2}(?<d>\d{1,2}),?\s(?:(?<y>\d{4}),?\s)?${time}(?:\s(?<y2>\d{4}))?`,
  String.raw`(?:[A-Z][a-z]{2,9},?\s)?(?<d>\d{1,2})[\s-](?<name>[A-Z][a-z]{2})[a-z]{0,6}[\s-](?<y>\d{4}),?\s${time}`,
].map((form) => new RegExp(`^${form}$`, 'i'));
const timeOnly = new RegExp(`^${time}$`, 'i');

/**
 * A time as nvidia-smi writes it (2026/01/31 23:59:59.123) or as it becomes where other programs and other countries had it in hands: ISO 8601, 31.01.2026,
 * 1/31/2026 11:59:59 PM, Sat Jan 31 23:59:59 2026, 2026年1月31日, seconds to nanoseconds since 1970, or the time of day alone.
 */
export function readStamp(text: string, order: DateOrder | null): Stamp | NoStamp {
  if (text.length > 60) return 'unknown';
  if (/^\d{9,19}(?:\.\d{1,9})?$/.test(text)) return sinceEpoch(text);
  for (const form of forms) {
    const parts = form.exec(text)?.groups;
    if (parts !== undefined) return dated(parts, order);
  }
  const parts = timeOnly.exec(text)?.groups;
  const seconds = parts && secondsOfDay(parts);
  return seconds === undefined || seconds === null ? 'unknown' : { base: 'seconds', seconds };
}

type Parts = Readonly<Record<string, string | undefined>>;

function dated(parts: Parts, order: DateOrder | null): Stamp | NoStamp {
  const seconds = secondsOfDay(parts);
  const day = dayOf(parts, order);
  if (typeof day === 'string') return day;
  const year = Number(parts['y'] ?? parts['y2']);
  const { month, date } = day;
  if (seconds === null || !(month >= 1 && month <= 12 && date >= 1 && date <= 31)) return 'unknown';
  if (!Number.isFinite(year)) return 'unknown';
  const midnight = Date.UTC(year, month - 1, date) / 1_000;
  return { base: 'unix', seconds: midnight + seconds - zoneSeconds(parts['zone']) };
}

function dayOf(
  { m, d, a, b, name }: Parts,
  order: DateOrder | null,
): { readonly month: number; readonly date: number } | NoStamp {
  if (name !== undefined) {
    const month = months.indexOf(name.toLowerCase()) + 1;
    return month === 0 ? 'unknown' : { month, date: Number(d) };
  }
  if (a === undefined) return { month: Number(m), date: Number(d) };
  const [first, second] = [Number(a), Number(b)];
  if (first > 12 || (order === 'dmy' && second <= 12)) return { month: second, date: first };
  if (second > 12 || order === 'mdy') return { month: first, date: second };
  return first === second ? { month: first, date: second } : 'ambiguous';
}

function secondsOfDay({ h, min, s = '0', f = '', half: halfOfDay }: Parts): number | null {
  const clockHour = Number(h);
  const isPm = halfOfDay?.toLowerCase() === 'p';
  const hour = halfOfDay === undefined ? clockHour : (clockHour % 12) + (isPm ? 12 : 0);
  const [minute, second] = [Number(min), Number(s)];
  if (hour > 23 || minute > 59 || second > 60) return null;
  return hour * 3_600 + minute * 60 + second + (f === '' ? 0 : Number(`0.${f}`));
}

function zoneSeconds(zoneText: string | undefined): number {
  const [, sign, hours, minutes] = /^([-+])(\d\d):?(\d\d)$/.exec(zoneText ?? '') ?? [];
  const size = Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60;
  return sign === '-' ? -size : size;
}

/** Seconds, milliseconds, microseconds or nanoseconds, told apart by their size: of the years 1973 to 5138. */
function sinceEpoch(text: string): Stamp | NoStamp {
  const value = Number(text);
  for (const perSecond of [1, 1e3, 1e6, 1e9]) {
    const seconds = value / perSecond;
    if (seconds >= 1e8 && seconds < 1e11) return { base: 'unix', seconds };
  }
  return 'unknown';
}
