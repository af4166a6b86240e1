import type { GpuView, StateView } from './api.ts';
import { element } from './element.ts';
import { ordered } from './order.ts';
import { clockTime } from './words.ts';

/** What somebody should look at, above everything else; hidden when there is nothing. */
export function createAttention(
  host: HTMLElement,
): (gpus: readonly GpuView[], states: readonly StateView[]) => void {
  const list = element('ul', {});
  host.replaceChildren(element('h2', {}, 'Needs attention'), list);
  let shown = '';
  let texts: HTMLElement[] = [];
  return (gpus, states) => {
    const urgent = ordered(gpus, 'attention', states).filter(({ state }) =>
      states.some((known) => known.state === state && known.needsAttention),
    );
    const key = urgent.map(({ uuid, state }) => `${uuid} ${state}`).join('\n');
    if (key !== shown) {
      shown = key;
      host.hidden = urgent.length === 0;
      texts = urgent.map(() => element('span', {}));
      list.replaceChildren(
        ...urgent.map(({ index, state }, at) =>
          element(
            'li',
            { 'data-state': state },
            element('a', { href: `#gpu-${index}` }, `GPU ${index}`),
            texts[at] ?? '',
          ),
        ),
      );
    }
    // The hours grow in place: whoever has the focus on a line keeps it.
    for (const [at, gpu] of urgent.entries()) {
      const text = texts[at];
      const said = ` ${gpu.words.full}${since(gpu)}`;
      if (text !== undefined && text.textContent !== said) text.textContent = said;
    }
  };
}

/** Of a stall; how long a GPU has been held idle is in its words. */
function since({ state, verdict }: GpuView): string {
  return state === 'stalled' && verdict !== null ? `, since ${clockTime(verdict.sinceMs)}` : '';
}
