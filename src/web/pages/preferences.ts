/** How the reader wants to see the GPUs. */
export interface Preferences {
  readonly rangeSeconds: number;
  readonly sort: Sort;
  readonly view: View;
}

export const ranges = [
  [120, '2 min'],
  [600, '10 min'],
  [3_600, '1 h'],
  [21_600, '6 h'],
  [86_400, '24 h'],
] as const;

export const sorts = [
  ['attention', 'Attention first'],
  ['index', 'Index'],
  ['utilisation', 'Utilisation'],
  ['memory', 'Memory in use'],
  ['power', 'Power'],
] as const;
export type Sort = (typeof sorts)[number][0];

export const views = [
  ['cards', 'Cards'],
  ['compact', 'Compact'],
] as const;
export type View = (typeof views)[number][0];

const initial: Preferences = { rangeSeconds: 600, sort: 'attention', view: 'cards' };
const key = 'gpu-profiler';

/** As they were left in this browser. */
export function loadPreferences(): Preferences {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<Preferences>;
    return {
      rangeSeconds:
        ranges.find(([seconds]) => seconds === kept.rangeSeconds)?.[0] ?? initial.rangeSeconds,
      sort: sorts.find(([sort]) => sort === kept.sort)?.[0] ?? initial.sort,
      view: views.find(([view]) => view === kept.view)?.[0] ?? initial.view,
    };
  } catch {
    // A browser may refuse storage; the page works without it.
    return initial;
  }
}

export function savePreferences(preferences: Preferences): void {
  try {
    localStorage.setItem(key, JSON.stringify(preferences));
  } catch {
    // As above.
  }
}
