import { annotationWords } from './annotation-words.ts';
import type { GpuView } from './gpu-view.ts';
import { memoryWords } from './readings-words.ts';
import { sparkline } from './sparkline.ts';

export interface TableRow {
  readonly gpu: GpuView;
  /** Utilisation, one value per second, oldest first; null: no sample. */
  readonly utilSeconds: readonly (number | null)[];
}

export interface Column {
  readonly title: string;
  /** It is left out where there is not so much room. */
  readonly least: number;
  /** No use in more than this. */
  readonly most: number;
  readonly text: (row: TableRow, width: number) => string;
}

const columns = {
  index: { title: 'GPU', least: 3, most: 3, text: ({ gpu }) => String(gpu.index) },
  model: {
    title: 'MODEL',
    least: 18,
    most: 34,
    text: ({ gpu }, width) => shortModel(gpu.model, width),
  },
  util: { title: 'UTIL', least: 4, most: 4, text: ({ gpu }) => amount(gpu.utilPercent, '%') },
  memory: { title: 'MEMORY', least: 13, most: 13, text: ({ gpu }) => memoryWords(gpu) },
  power: { title: 'POWER', least: 6, most: 6, text: ({ gpu }) => amount(gpu.powerWatts, ' W') },
  temperature: {
    title: 'TEMP',
    least: 6,
    most: 6,
    text: ({ gpu }) => amount(gpu.temperatureCelsius, ' °C'),
  },
  spark: {
    title: 'LAST 2 MIN',
    least: 10,
    most: 30,
    text: ({ utilSeconds }, width) => sparkline(utilSeconds, width),
  },
  verdict: { title: 'VERDICT', least: 24, most: 34, text: ({ gpu }) => gpu.words.short },
  annotations: {
    title: 'ANNOTATIONS',
    least: 24,
    most: 60,
    text: ({ gpu }) => annotationWords(gpu),
  },
} as const satisfies Record<string, Column>;
type Name = keyof typeof columns;

/** From left to right. */
const order: readonly Name[] = [
  'index',
  'model',
  'util',
  'memory',
  'power',
  'temperature',
  'spark',
  'verdict',
  'annotations',
];
/** What stays longest first: what people look for is the verdict, and they know the model. */
const keep: readonly Name[] = [
  'index',
  'verdict',
  'util',
  'memory',
  'power',
  'spark',
  'model',
  'temperature',
  'annotations',
];
/** Who gets the room that is left over, in turn. */
const grow: readonly Name[] = ['verdict', 'model', 'spark', 'annotations'];
const gap = 2;

/** The columns that fit into `width` and how wide each is. */
export function columnsWithin(width: number): readonly (Column & { readonly width: number })[] {
  const widths = new Map<Name, number>();
  let left = width + gap;
  for (const name of keep) {
    const { least } = columns[name];
    // Whatever follows matters less: a hole in the order would look like chance.
    if (least + gap > left && widths.size > 0) break;
    widths.set(name, Math.min(least, Math.max(1, left - gap)));
    left -= least + gap;
  }
  for (const name of grow) {
    const now = widths.get(name);
    if (now === undefined || left <= 0) continue;
    const more = Math.min(left, columns[name].most - now);
    widths.set(name, now + more);
    left -= more;
  }
  return order.flatMap((name) => {
    const given = widths.get(name);
    return given === undefined ? [] : [{ ...columns[name], width: given }];
  });
}

/** Without the maker's name where it does not fit: every row would begin with it. */
function shortModel(model: string, width: number): string {
  return model.length > width ? model.replace(/^(NVIDIA|Simulated) /, '') : model;
}

function amount(value: number | null, unit: string): string {
  return value === null ? '-' : `${value.toFixed(0)}${unit}`;
}
