import type { FleetUsage } from '../usage-source.ts';
import type { ProblemBook } from './problem-book.ts';

/** Says which series were left out because no node is known by their labels, and what to change. Their absence makes the picture no less complete. */
export function tellUnmatched(
  unmatched: FleetUsage['unmatched'],
  nodeLabels: readonly string[],
  problems: ProblemBook,
): void {
  const [example] = unmatched;
  if (example === undefined) return;
  const count = unmatched.reduce((sum, { seriesCount }) => sum + seriesCount, 0);
  problems.note({
    code: 'unmatched_series',
    detail: `${count} series match no node, such as those with ${example.labels}`,
    hint:
      `One of the labels in node.labels (now ${nodeLabels.join(', ')}) must hold the name of the node; an address does not tell it. ` +
      'Name another label there, or add to relabel_configs of the scrape job: ' +
      '{source_labels: [__meta_kubernetes_pod_node_name], target_label: node}. Series of other clusters can stay as they are.',
  });
}
