import ts from 'typescript6';

export interface ImportedModule {
  /** As written. */
  readonly specifier: string;
  /** Nothing of it runs. */
  readonly typeOnly: boolean;
}

export interface SourceFacts {
  /** Static, dynamic, re-exports and `import('…')` types. */
  readonly imports: readonly ImportedModule[];
  /** Every identifier that is used by itself, and every chain `a.b` of two. */
  readonly names: ReadonlySet<string>;
  /** Lines that are neither blank nor comment only. */
  readonly codeLines: number;
}

/** What a source file imports and mentions, by the compiler's own parser: strings and comments do not count. */
export function readSource(fileName: string, text: string): SourceFacts {
  const file = ts.createSourceFile(fileName, text, ts.ScriptTarget.Latest, false);
  const imports: ImportedModule[] = [];
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    const imported = importOf(node);
    if (imported !== null) imports.push(imported);
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
      names.add(`${node.expression.text}.${node.name.text}`);
    }
    if (ts.isElementAccessExpression(node) && ts.isIdentifier(node.expression)) {
      const key = node.argumentExpression;
      if (ts.isStringLiteralLike(key)) names.add(`${node.expression.text}.${key.text}`);
    }
    addDestructured(node, names);
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { imports, names, codeLines: countCodeLines(text) };
}

function importOf(node: ts.Node): ImportedModule | null {
  if (ts.isImportDeclaration(node)) {
    return module(node.moduleSpecifier, isTypeOnly(node.importClause));
  }
  if (ts.isExportDeclaration(node)) return module(node.moduleSpecifier, node.isTypeOnly);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
    return module(node.argument.literal, true);
  }
  if (!ts.isCallExpression(node)) return null;
  const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
  const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
  return isImport || isRequire ? module(node.arguments[0], false) : null;
}

function module(specifier: ts.Node | undefined, typeOnly: boolean): ImportedModule | null {
  if (specifier === undefined || !ts.isStringLiteralLike(specifier)) return null;
  return { specifier: specifier.text, typeOnly };
}

/** `import type …`, or braces in which each name is a type. */
function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (clause === undefined) return false;
  if (clause.isTypeOnly) return true;
  const bindings = clause.namedBindings;
  if (clause.name !== undefined || bindings === undefined || !ts.isNamedImports(bindings)) {
    return false;
  }
  return bindings.elements.length > 0 && bindings.elements.every(({ isTypeOnly: only }) => only);
}

/** `const { env } = process` mentions process.env. */
function addDestructured(node: ts.Node, names: Set<string>): void {
  if (!ts.isVariableDeclaration(node) || !ts.isObjectBindingPattern(node.name)) return;
  const from = node.initializer;
  if (from === undefined || !ts.isIdentifier(from)) return;
  for (const { name, propertyName } of node.name.elements) {
    const key = propertyName ?? name;
    if (ts.isIdentifier(key)) names.add(`${from.text}.${key.text}`);
  }
}

/** By text: a line inside a template that looks like a comment is miscounted, which no limit hangs on. */
function countCodeLines(text: string): number {
  const withoutBlocks = text.replaceAll(/^\s*\/\*[\s\S]*?\*\/\s*$/gm, '');
  return withoutBlocks.split('\n').filter((line) => !/^\s*(?:\/\/.*)?$/.test(line)).length;
}
