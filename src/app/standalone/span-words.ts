/** A period or its margin, three digits: `5.4 s`, `13.2 s`, `264 s`. */
export function periodText(seconds: number): string {
  const digits = seconds >= 100 ? 0 : seconds >= 10 ? 1 : 2;
  return `${Number(seconds.toFixed(digits))} s`;
}

/** How long something has lasted: `40 s`, `12 min`, `3.2 h`. */
export function lastingText(seconds: number): string {
  if (seconds < 100) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 100 * 60) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}
