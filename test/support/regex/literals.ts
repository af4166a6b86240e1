import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript6';
import { sourceFiles } from '../architecture/breaches.ts';

export interface FoundRegex {
  /** `src/a/b.ts:12` */
  readonly where: string;
  readonly source: string;
  readonly flags: string;
}

/** Every regular expression that is written out in the code of a folder, tests left out, by the compiler's own parser. */
export function regexLiterals(root: string, folder: string): readonly FoundRegex[] {
  return sourceFiles(root, folder)
    .filter((path) => !path.endsWith('.test.ts') && !path.endsWith('.d.ts'))
    .flatMap((path) => literalsOf(path, readFileSync(join(root, path), 'utf8')));
}

function literalsOf(path: string, text: string): readonly FoundRegex[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: FoundRegex[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
      const end = node.text.lastIndexOf('/');
      found.push({
        where: `${path}:${line + 1}`,
        source: node.text.slice(1, end),
        flags: node.text.slice(end + 1),
      });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}
