import { all, childrenOf, parsePromql, selectorOf, type Syntax } from './syntax.ts';

type Families = ReadonlyMap<string, ReadonlySet<string>>;

export interface LabelReport {
  /** Labels that the series of the result may carry; null: a number. */
  readonly labels: ReadonlySet<string> | null;
  /** Names of families and labels that do not exist where they are used. */
  readonly faults: readonly string[];
}

/** Follows the labels through an expression, as Prometheus does. */
export function checkLabels(expr: string, families: Families): LabelReport {
  const faults: string[] = [];
  const labels = new Walk(families, faults).labelsOf(parsePromql(expr));
  return { labels, faults };
}

type Labels = ReadonlySet<string> | null;

const keeping = new Set(['topk', 'bottomk', 'limitk']);

class Walk {
  readonly #families: Families;
  readonly #faults: string[];

  constructor(families: Families, faults: string[]) {
    this.#families = families;
    this.#faults = faults;
  }

  labelsOf(node: Syntax): Labels {
    switch (node.kind) {
      case 'VectorSelector':
        return this.#selected(node);
      case 'AggregateExpr':
        return this.#aggregated(node);
      case 'BinaryExpr':
        return this.#combined(node);
      case 'FunctionCall':
        return this.#called(node);
      default:
        return this.#ofAny(node.children);
    }
  }

  #ofAny(nodes: readonly Syntax[]): Labels {
    const found = nodes.map((node) => this.labelsOf(node)).filter((labels) => labels !== null);
    return found.length === 0 ? null : new Set(found.flatMap((labels) => [...labels]));
  }

  #selected(node: Syntax): Labels {
    const { metric, matchers, text } = selectorOf(node);
    const labels = this.#families.get(metric);
    if (labels === undefined) {
      this.#faults.push(`no family ${metric}`);
      return new Set();
    }
    for (const { label } of matchers) this.#require(label, labels, text);
    return labels;
  }

  #aggregated(node: Syntax): Labels {
    const inner = this.#ofAny(childrenOf(node, 'FunctionCallBody')) ?? new Set();
    const modifier = childrenOf(node, 'AggregateModifier')[0];
    if (modifier === undefined) {
      const operation = childrenOf(node, 'AggregateOp')[0]?.text ?? '';
      return keeping.has(operation) ? inner : new Set();
    }
    const names = namesIn(modifier);
    for (const name of names) this.#require(name, inner, node.text);
    return modifier.children[0]?.kind === 'Without'
      ? new Set([...inner].filter((name) => !names.includes(name)))
      : new Set(names);
  }

  #combined(node: Syntax): Labels {
    const modifiers = new Set(['MatchingModifierClause', 'BoolModifier']);
    const operands = node.children.filter(
      ({ kind, children, text }) =>
        !modifiers.has(kind) && (children.length > 0 || /^[\d.]+$/.test(text)),
    );
    const [left, right] = [operands[0], operands.at(-1)].map((operand) =>
      operand === undefined ? null : this.labelsOf(operand),
    );
    if (left == null || right == null) return left ?? right ?? null;
    const operator = node.children.find(({ kind }) => /^(And|Or|Unless)$/.test(kind))?.kind;
    const clause = childrenOf(node, 'MatchingModifierClause')[0];
    const on = clause === undefined ? undefined : onLabels(clause);
    for (const name of on ?? []) {
      this.#require(name, left, node.text);
      this.#require(name, right, node.text);
    }
    if (operator === 'Or') return new Set([...left, ...right]);
    if (operator !== undefined) return left;
    const brought = clause === undefined ? undefined : groupLeftLabels(clause);
    if (brought !== undefined) {
      for (const name of brought) this.#require(name, right, node.text);
      return new Set([...left, ...brought]);
    }
    return on === undefined ? left : new Set(on);
  }

  #called(node: Syntax): Labels {
    const name = childrenOf(node, 'FunctionIdentifier')[0]?.text;
    const inner = this.#ofAny(childrenOf(node, 'FunctionCallBody'));
    return name === 'absent' || name === 'absent_over_time' ? new Set() : inner;
  }

  #require(label: string, among: ReadonlySet<string>, where: string): void {
    if (!among.has(label)) this.#faults.push(`no label ${label} in ${where}`);
  }
}

function namesIn(node: Syntax): string[] {
  return [...all(node)].filter(({ kind }) => kind === 'LabelName').map(({ text }) => text);
}

/** The labels in brackets after a keyword of the clause. */
function labelsAfter(clause: Syntax, keyword: string): string[] | undefined {
  const at = clause.children.findIndex(({ kind }) => kind === keyword);
  if (at === -1) return undefined;
  const next = clause.children[at + 1];
  return next?.kind === 'GroupingLabels' ? namesIn(next) : [];
}

function onLabels(clause: Syntax): string[] | undefined {
  return labelsAfter(clause, 'On');
}

function groupLeftLabels(clause: Syntax): string[] | undefined {
  return labelsAfter(clause, 'GroupLeft');
}
