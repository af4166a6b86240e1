import { withoutControls } from '../../lib/control-characters.ts';
import type { Frame } from './output.ts';
import { styled, type StyledLine } from './styled-line.ts';
import { byAttention, needsAttention, stateCounts } from './usage-state.ts';

/** More lines would push the table away; the table has these GPUs on top as well. */
const attentionLines = 3;

/** Above the table: what needs attention, then the counts and the address, then what is wrong with the source; `columns`: of the terminal. */
export function frameHeader(
  { snapshot, gpus, url, fallbackReason }: Frame,
  columns: number,
): StyledLine[] {
  const { source } = snapshot;
  const kind = source.kind ?? 'no source';
  const counts =
    gpus.length === 0
      ? null
      : `${gpus.length} ${gpus.length === 1 ? 'GPU' : 'GPUs'}: ${stateCounts(gpus)}`;
  const lines = [...attention(gpus), styled(titleWithin(columns, { url, kind, counts }))];
  if (source.simulated) {
    const why = fallbackReason === '' ? '' : ` Why: ${withoutControls(fallbackReason)}`;
    lines.push(styled(`NOT REAL: the values are ${kind}.${why}`, 'warning'));
  }
  if (!source.up) lines.push(styled(`No readings: ${withoutControls(source.detail)}`, 'alarm'));
  return lines;
}

/** The counts are what one looks for: the name and the source give way to them, then the address. */
function titleWithin(
  columns: number,
  {
    url,
    kind,
    counts,
  }: { readonly url: string; readonly kind: string; readonly counts: string | null },
): string {
  const whole = `gpu-profiler ${url} (${kind})`;
  if (counts === null) return whole;
  const forms = [`${whole}: ${counts}`, `${url}: ${counts}`];
  return forms.find((form) => form.length <= columns) ?? counts;
}

function attention(gpus: Frame['gpus']): StyledLine[] {
  const urgent = gpus.filter(({ state }) => needsAttention(state)).toSorted(byAttention);
  const shown = urgent.length > attentionLines ? urgent.slice(0, attentionLines - 1) : urgent;
  const lines = shown.map(({ index, state, words }) =>
    styled(`! GPU ${index}: ${words.full}`, state === 'held-idle' ? 'warning' : 'alarm'),
  );
  if (shown.length < urgent.length) {
    const rest = urgent.slice(shown.length);
    lines.push(styled(`! ${rest.length} more: ${stateCounts(rest)}`, 'warning'));
  }
  return lines;
}
