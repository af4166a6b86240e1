import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';
import fc from 'fast-check';
import type { FoundRegex } from './literals.ts';

type LimitedRegex = (source: string, flags: string, maxBacktracks: number) => RegExp;

/** V8 counts the backtracks of such an expression and gives up beyond the limit: a measure of work that no machine's speed enters. */
const limitedRegex: LimitedRegex = (() => {
  setFlagsFromString('--allow-natives-syntax');
  return runInThisContext('(s, f, n) => %NewRegExpWithBacktrackLimit(s, f, n)') as LimitedRegex;
})();

/** Pieces that are repeated, beside those of texts that match: what most expressions are about. */
const commonPieces = [
  ' ',
  '\n',
  '\t',
  'a',
  'A',
  '0',
  '1',
  '-',
  '.',
  ':',
  '/',
  ',',
  '"',
  '[',
  '#',
  ' \n',
  '#\n',
];
/** What makes a match fail at its end. */
const endings = ['', '!', '\u2028x', '\n', ' x', '"'];
const pieceLengths = [1, 2, 4, 60];
const repeats = 400;
/** A quadratic expression takes 80,000 at 400 repeats; a linear one a few for each character. */
const backtracksPerCharacter = 40;

/**
 * The text, of those tried, on which an expression takes more than linearly many backtracks; null when none does.
 * Tried: texts that match it, cut at each place, with each of their pieces repeated and an end that does not fit.
 */
export function superlinearText({ source, flags }: FoundRegex): string | null {
  const matching = matchingTexts(source, flags);
  const counted = withCountedLoops(source);
  for (const text of candidates(matching)) {
    // With an empty alternative it always matches, so no match means that the limit was reached.
    const limit = text.length * backtracksPerCharacter;
    const limited = limitedRegex(`(?:${counted})|(?:)`, flags.replace('g', ''), limit);
    if (!isWithin(limited, text) || !isWithinAtEachStart(counted, flags, text, limit)) return text;
  }
  return null;
}

/** V8 walks back through a repeated single character without counting; as a choice of two it is counted. */
function withCountedLoops(source: string): string {
  const token =
    /(\\u\{[^}]*\}|\\x..|\\u....|\\.|\[(?:\\.|[^\]\\])*\]|[^()|*+?{}^$\\[\]])([*+]|\{\d+,\d*\})?|./gs;
  return source.replaceAll(token, (all, atom?: string, loop?: string) =>
    atom === undefined || loop === undefined ? all : `(?:${atom}|(?!))${loop}`,
  );
}

function isWithin(limited: RegExp, text: string): boolean {
  limited.lastIndex = 0;
  return limited.exec(text) !== null;
}

/** An expression that is not anchored is tried at each place: the sum over all of them counts. */
function isWithinAtEachStart(source: string, flags: string, text: string, limit: number): boolean {
  if (flags.includes('y')) return true;
  const search = limitedRegex(`(?:${source})|$(?![^])`, flags.replace(/[gm]/g, ''), limit);
  return search.exec(text) !== null;
}

function matchingTexts(source: string, flags: string): readonly string[] {
  try {
    const plain = new RegExp(source, flags.replace(/[gy]/g, ''));
    return fc.sample(fc.stringMatching(plain), { numRuns: 6, seed: 7 });
  } catch {
    // Look-aheads and word boundaries cannot be turned into texts; the pieces in the expression itself must do.
    const literal = source.replaceAll(/\\[a-zA-Z]|[\\()[\]{}|?*+^$]/g, ' ');
    return ['', ...literal.split(/\s+/).filter((word) => word !== '')];
  }
}

function* candidates(matching: readonly string[]): Generator<string> {
  for (const given of ['', ...matching]) {
    const text = given.slice(0, 40);
    const pumped = [
      ...commonPieces.map((piece) => text + piece.repeat(repeats)),
      ...Array.from(text, (_, at) => pumpedAt(text, at)).flat(),
    ];
    for (const ending of endings) for (const start of pumped) yield start + ending;
  }
}

function pumpedAt(text: string, at: number): readonly string[] {
  const pieces = [' ', ...pieceLengths.map((length) => text.slice(at, at + length))];
  return pieces.map((piece) => text.slice(0, at) + piece.repeat(repeats));
}
