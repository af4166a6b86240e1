import { printable } from '../../lib/control-characters.ts';

export type Tone = 'plain' | 'strong' | 'faint' | 'warning' | 'alarm';

/** One line of a terminal: plain text, so that it can be measured, and how it looks as a whole. */
export interface StyledLine {
  readonly text: string;
  readonly tone: Tone;
}

const codes: Readonly<Record<Tone, string>> = {
  plain: '',
  strong: '\u001b[1m',
  faint: '\u001b[2m',
  warning: '\u001b[33m',
  alarm: '\u001b[1;31m',
};

export function styled(text: string, tone: Tone = 'plain'): StyledLine {
  return { text, tone };
}

/** The line as it is written, cut to `columns`; without `colours` only its text. */
export function paintLine({ text, tone }: StyledLine, columns: number, colours: boolean): string {
  const cut = fit(text, columns);
  return colours && tone !== 'plain' ? `${codes[tone]}${cut}\u001b[0m` : cut;
}

/** Harmless to a terminal (a driver may say anything), and cut with an ellipsis where it is too long. */
export function fit(given: string, width: number): string {
  const text = printable(given);
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;
}
