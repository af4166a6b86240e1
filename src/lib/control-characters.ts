/**
 * Everything that steers a terminal or reorders what is read: controls (C0, DEL, C1), line separators, and the marks that
 * turn the direction of writing.
 */
const controls = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text from outside (a device's name, a driver's message) as one line that is safe to show: a space for each. */
export function withoutControls(text: string): string {
  return text.replaceAll(controls, ' ');
}

/** The same where nothing may be lost, as in logs and errors: each is shown as `\u001b`. */
export function printable(text: string): string {
  return text.replaceAll(controls, escapeOf);
}

/** `printable` for text of several lines that are ours: line ends stay. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
