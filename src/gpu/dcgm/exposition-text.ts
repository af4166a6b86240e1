/** One line of a text exposition. */
export interface Series {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  /** May be NaN or infinite, as the format allows. */
  readonly value: number;
  /** The line's own time, ms since the Unix epoch, where it has one. */
  readonly timestampMs?: number;
}

const nameAtStart = /^[a-zA-Z_:][a-zA-Z0-9_:]*/;
const labelName = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"/y;
/** What follows the quote that ends a label value: the next label, or the end of the labels and a value. */
const afterLabel =
  /\s*(?:,\s*(?:(?=[a-zA-Z_][a-zA-Z0-9_]*\s*=\s*")|\}(?=\s*[-+0-9.NI]))|\}(?=\s*[-+0-9.NI]))/y;

/**
 * Reads the Prometheus text format as far as an exporter of plain gauges and counters uses it. dcgm-exporter writes label values without
 * escaping them, so a quote or a backslash that makes no sense otherwise is taken for a part of the value. Lines that cannot be read are left out.
 */
export function parseExposition(text: string): Series[] {
  const all: Series[] = [];
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const series = parseLine(trimmed);
    if (series) all.push(series);
  }
  return all;
}

function parseLine(line: string): Series | null {
  const name = nameAtStart.exec(line)?.[0];
  if (name === undefined) return null;
  let rest = line.slice(name.length).trimStart();
  const labels = new Map<string, string>();
  if (rest.startsWith('{')) {
    const end = readLabels(rest, labels);
    if (end === null) return null;
    rest = rest.slice(end);
  }
  const [valueText = '', timeText] = rest.trim().split(/\s+/);
  const value = readValue(valueText);
  if (value === null) return null;
  const timestampMs = timeText === undefined ? Number.NaN : Number(timeText);
  return Number.isFinite(timestampMs)
    ? { name, labels, value, timestampMs }
    : { name, labels, value };
}

/** Fills `labels` from the text that starts with `{`; the position after `}`, or null. */
function readLabels(text: string, labels: Map<string, string>): number | null {
  let at = 1;
  if (/^\{\s*\}/.test(text)) return text.indexOf('}') + 1;
  for (;;) {
    labelName.lastIndex = at;
    const match = labelName.exec(text);
    if (!match) return null;
    const read = readLabelValue(text, labelName.lastIndex);
    if (read === null) return null;
    labels.set(match[1] ?? '', read.value);
    at = read.next;
    if (text[at - 1] === '}') return at;
  }
}

function readLabelValue(text: string, start: number): { value: string; next: number } | null {
  let value = '';
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? '';
    const next = text[at + 1];
    if (character === '\\' && (next === '\\' || next === 'n' || next === '"')) {
      afterLabel.lastIndex = at + 2;
      // `C:\"}` written without escaping: the quote ends the value.
      if (next === '"' && afterLabel.test(text)) {
        return { value: `${value}\\`, next: afterLabel.lastIndex };
      }
      value += next === 'n' ? '\n' : next;
      at += 1;
    } else if (character === '"') {
      afterLabel.lastIndex = at + 1;
      if (afterLabel.test(text)) return { value, next: afterLabel.lastIndex };
      value += character;
    } else {
      value += character;
    }
  }
  return null;
}

/** Numbers as Go writes them. */
function readValue(text: string): number | null {
  if (/^[-+]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return Number.NaN;
  return /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : null;
}
