export type KeyAction =
  | { readonly kind: 'rows'; readonly by: number }
  | { readonly kind: 'pages'; readonly by: number }
  | { readonly kind: 'start' | 'end' | 'quit' };

const actions: Readonly<Record<string, KeyAction>> = {
  '\u001b[A': { kind: 'rows', by: -1 },
  '\u001bOA': { kind: 'rows', by: -1 },
  k: { kind: 'rows', by: -1 },
  '\u001b[B': { kind: 'rows', by: 1 },
  '\u001bOB': { kind: 'rows', by: 1 },
  j: { kind: 'rows', by: 1 },
  '\u001b[5~': { kind: 'pages', by: -1 },
  '\u001b[6~': { kind: 'pages', by: 1 },
  ' ': { kind: 'pages', by: 1 },
  '\u001b[H': { kind: 'start' },
  '\u001b[1~': { kind: 'start' },
  g: { kind: 'start' },
  '\u001b[F': { kind: 'end' },
  '\u001b[4~': { kind: 'end' },
  G: { kind: 'end' },
  q: { kind: 'quit' },
  // Ctrl-C and Ctrl-D: a terminal that gives single keys makes no signal of them.
  '\u0003': { kind: 'quit' },
  '\u0004': { kind: 'quit' },
};

// A terminal's keys begin with ESC, so this one looks for a control character on purpose.
// eslint-disable-next-line no-control-regex
const oneKey = /\u001b(?:\[[0-9]*~?[A-Z]?|O[A-Z])|[^\u001b]/g;

/** What the keys in a piece of terminal input ask for; unknown keys nothing. */
export function keyActions(input: string): KeyAction[] {
  return (input.match(oneKey) ?? []).flatMap((key) =>
    Object.hasOwn(actions, key) ? (actions[key] ?? []) : [],
  );
}

/** The first row to show after an action. */
export function scrolled(offset: number, action: KeyAction, room: number): number {
  switch (action.kind) {
    case 'rows':
      return Math.max(0, offset + action.by);
    case 'pages':
      return Math.max(0, offset + action.by * Math.max(1, room - 1));
    case 'start':
      return 0;
    case 'end':
      return Number.MAX_SAFE_INTEGER;
    default:
      return offset;
  }
}
