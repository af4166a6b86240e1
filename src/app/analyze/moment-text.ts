import type { Judged } from './judge.ts';
import { secondsText } from './words.ts';

/** A moment of a recording: the time of day (with the date where the recording is longer than one), or how long after its start. */
export function momentText(
  {
    recording,
    startSeconds,
    endSeconds,
  }: Pick<Judged, 'recording' | 'startSeconds' | 'endSeconds'>,
  atSeconds: number,
): string {
  if (recording.timeBase === 'seconds')
    return `${secondsText(atSeconds - startSeconds)} after the start`;
  const text = new Date(atSeconds * 1_000).toISOString();
  const isOneDay =
    new Date(startSeconds * 1_000).getUTCDate() === new Date(endSeconds * 1_000).getUTCDate();
  return isOneDay && endSeconds - startSeconds < 86_400
    ? text.slice(11, 19)
    : text.slice(0, 19).replace('T', ' ');
}
