/** Controls of terminals (C0, DEL, C1), line separators, and marks that turn the direction of text. */
const unprintable = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** Text from elsewhere as one harmless line: whatever a terminal could act on is shown as `\u001b`. */
export function printable(text: string): string {
  return text.replaceAll(unprintable, escapeOf);
}

/** The same for text of several lines that are ours: line ends stay. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
