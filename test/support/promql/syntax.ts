import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

/** A node of Prometheus' own grammar, with the text that it stands for. */
export interface Syntax {
  readonly kind: string;
  readonly text: string;
  readonly children: readonly Syntax[];
}

/**
 * Parses an expression.
 * @throws where the grammar does not take it.
 */
export function parsePromql(expr: string): Syntax {
  const root = convert(parser.parse(expr).topNode, expr);
  for (const node of all(root)) {
    if (node.kind === '⚠') throw new Error(`cannot be parsed at "${node.text}": ${expr}`);
  }
  return root;
}

function convert(node: SyntaxNode, expr: string): Syntax {
  const children: Syntax[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    children.push(convert(child, expr));
  }
  return {
    kind: node.type.isError ? '⚠' : node.name,
    text: expr.slice(node.from, node.to),
    children,
  };
}

/** The node and everything below it. */
export function* all(node: Syntax): Generator<Syntax> {
  yield node;
  for (const child of node.children) yield* all(child);
}

export function childrenOf(node: Syntax, kind: string): readonly Syntax[] {
  return node.children.filter((child) => child.kind === kind);
}

export interface Selector {
  readonly metric: string;
  readonly matchers: readonly { readonly label: string; readonly text: string }[];
  readonly text: string;
}

export function selectorOf(node: Syntax): Selector {
  const metric = childrenOf(node, 'Identifier')[0]?.text ?? '';
  const matchers = [...all(node)]
    .filter(({ kind }) => kind === 'UnquotedLabelMatcher')
    .map((matcher) => ({
      label: childrenOf(matcher, 'LabelName')[0]?.text ?? '',
      text: matcher.text,
    }));
  return { metric, matchers, text: node.text };
}

/** Every selector of an expression. */
export function selectorsOf(expr: string): readonly Selector[] {
  return [...all(parsePromql(expr))]
    .filter(({ kind }) => kind === 'VectorSelector')
    .map((node) => selectorOf(node));
}
