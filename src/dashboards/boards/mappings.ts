import type { ValueMapping } from '../grafana/json.ts';

type Words = readonly [text: string, color: string];

function words(zero: Words, one: Words): ValueMapping {
  const entries = [zero, one].map(([text, color], index) => [
    String(index),
    { text, color, index },
  ]);
  return { type: 'value', options: Object.fromEntries(entries) };
}

/** Of gpu_up. */
export const upMapping = words(['cannot be read', 'red'], ['up', 'green']);
/** Of the up of a scrape. */
export const answersMapping = words(['down', 'red'], ['up', 'green']);
/** Of gpu_usage_stall. */
export const stallMapping = words(['no', 'text'], ['stalled', 'red']);
