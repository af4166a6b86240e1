import { load } from 'js-yaml';

/** A value of the chart, as values.yaml describes it. */
export interface ChartValue {
  readonly path: readonly string[];
  readonly description: string;
  /** What follows `@schema`: the name of a form, or JSON Schema. */
  readonly schema: string | undefined;
  readonly fallback: unknown;
  /** The values below a section; undefined: this is one value, whatever it holds. */
  readonly children: readonly ChartValue[] | undefined;
}

interface Line {
  readonly depth: number;
  readonly key: string;
  readonly comments: readonly string[];
}

/**
 * Reads the keys of a values.yaml with their comments: the lines of comment above a key describe it, `# @schema …` among
 * them tells its form. A mapping in block style without `@schema` is a section; everything else is a value.
 * @throws {Error} naming the key that has no comment.
 */
export function readChartValues(text: string): readonly ChartValue[] {
  const defaults = load(text) as Record<string, unknown>;
  const lines = keyLines(text);
  return sectionOf({ lines, at: 0, depth: 0, parents: [], defaults }).values;
}

interface Place {
  readonly lines: readonly Line[];
  readonly at: number;
  readonly depth: number;
  readonly parents: readonly string[];
  readonly defaults: Record<string, unknown>;
}

function sectionOf(place: Place): { values: ChartValue[]; next: number } {
  const { lines, depth, parents, defaults } = place;
  const values: ChartValue[] = [];
  let at = place.at;
  for (let line = lines[at]; line !== undefined && line.depth >= depth; line = lines[at]) {
    const path = [...parents, line.key];
    const schema = line.comments.find((words) => words.startsWith('@schema '))?.slice(8);
    const description = line.comments.filter((words) => !words.startsWith('@schema ')).join(' ');
    const fallback = defaults[line.key];
    at += 1;
    let children: ChartValue[] | undefined;
    const below = lines[at];
    if (below !== undefined && below.depth > depth) {
      const inner = { lines, at, depth: below.depth, parents: path };
      if (schema === undefined && isMapping(fallback)) {
        const section = sectionOf({ ...inner, defaults: fallback });
        children = section.values;
        at = section.next;
      } else {
        // Keys of a default, not of the chart.
        while ((lines[at]?.depth ?? 0) > depth) at += 1;
      }
    }
    if (description === '' && children === undefined) {
      throw new Error(`values.yaml: ${path.join('.')} has no comment that tells what it does`);
    }
    values.push({ path, description, schema, fallback, children });
  }
  return { values, next: at };
}

function keyLines(text: string): Line[] {
  const found: Line[] = [];
  let comments: string[] = [];
  for (const line of text.split('\n')) {
    const comment = /^\s*# ?(.*)$/.exec(line)?.[1];
    const key = /^( *)([\w./-]+):/.exec(line);
    if (comment !== undefined) comments.push(comment.trim());
    else {
      if (key !== null) {
        found.push({ depth: (key[1] ?? '').length, key: key[2] ?? '', comments });
      }
      comments = [];
    }
  }
  return found;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
