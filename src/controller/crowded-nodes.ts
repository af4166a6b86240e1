import type { LeftOut } from './annotations/fit.ts';
import type { UsageProblem } from './usage-source.ts';

/** Nodes whose annotations have no room for all of ours, told once for all of them. */
export class CrowdedNodes {
  #count = 0;
  #example = '';

  take(node: { readonly name: string }, { leftOut }: { readonly leftOut: LeftOut | null }): void {
    if (leftOut === null) return;
    if (this.#count === 0) this.#example = `${node.name}: ${crowdedText(leftOut)}`;
    this.#count += 1;
  }

  problems(): readonly UsageProblem[] {
    if (this.#count === 0) return [];
    const nodes = this.#count === 1 ? '' : `${this.#count} nodes, such as `;
    return [{ code: 'profile_too_large', detail: `${nodes}${this.#example}`, hint: crowdedHint }];
  }
}

export function crowdedText({ what, neededBytes, spareBytes }: LeftOut): string {
  const spare = Math.max(0, spareBytes);
  return `no room for ${what}: our annotations need ${neededBytes} bytes, those of others leave ${spare}`;
}

export const crowdedHint =
  'All annotations of a node may hold 262,144 bytes together: remove what others left there. Job types are written all the same.';
