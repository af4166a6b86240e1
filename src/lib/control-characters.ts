/**
 * Everything that steers a terminal or reorders what is read: C0 and C1 controls, DEL, line separators, and the marks
 * that turn the direction of writing.
 */
// eslint-disable-next-line no-control-regex
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text from outside (a device's name, a driver's message) as one line that is safe to show. */
export function withoutControls(text: string): string {
  return text.replace(controls, ' ');
}
