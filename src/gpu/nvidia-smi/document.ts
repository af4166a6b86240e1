import { SourceError } from '../source.ts';
import { queryThroughPackage } from './package.ts';

/** An element of the document: text, or children by name (an array where a name is repeated). */
export type XmlNode = string | { readonly [name: string]: unknown };

const closing = '</nvidia_smi_log>';

/** The document within an output, without what may stand before and after it; null when there is no complete one. */
export function documentIn(output: string): string | null {
  const end = output.lastIndexOf(closing);
  const prolog = output.indexOf('<?xml');
  const root = output.search(/<nvidia_smi_log[\s>]/);
  if (end < 0 || root < 0 || root > end) return null;
  const start = prolog >= 0 && prolog < root ? prolog : root;
  return output.slice(start, end + closing.length);
}

/**
 * Parses the output of `nvidia-smi -q -x`, noise around the document tolerated.
 * @throws {SourceError} `bad_output` for an incomplete document, broken XML, another root element.
 */
export async function parseDocument(output: string): Promise<XmlNode> {
  const document = documentIn(output);
  if (document === null) throw badDocument('it is not complete');
  // xml2js would write such a name into the prototype of what it builds.
  if (/<\s*__proto__/.test(document)) throw badDocument('it names an element __proto__');
  let tree: unknown;
  try {
    const needed = withEscapedText(withoutSupportedClocks(document));
    tree = await queryThroughPackage(() => Promise.resolve(needed));
  } catch (cause) {
    throw badDocument('it is not well-formed', cause);
  }
  const root = isNode(tree) ? childOf(tree, 'nvidia_smi_log') : undefined;
  if (root === undefined || Array.isArray(root)) throw badDocument('it has another root element');
  return isNode(root) ? root : {};
}

/**
 * The lists of clocks that a GPU supports are more than half of a document, and nobody reads them: without them the parser, which holds up
 * everything else in this process, takes 6 ms for eight GPUs and not 35.
 */
function withoutSupportedClocks(document: string): string {
  const [open, close] = ['<supported_clocks>', '</supported_clocks>'];
  let kept = '';
  let at = 0;
  for (;;) {
    const start = document.indexOf(open, at);
    const end = start < 0 ? -1 : document.indexOf(close, start);
    if (end < 0) return kept + document.slice(at);
    kept += document.slice(at, start);
    at = end + close.length;
  }
}

const nameTags = ['<process_name>', '</process_name>'] as const;
const bareAmpersand = /&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-f]{1,6});)/gi;

/** nvidia-smi writes what a process calls itself as it is, also `&` and `<`; and model names may hold an `&`. */
function withEscapedText(document: string): string {
  const [open, close] = nameTags;
  let escaped = '';
  let at = 0;
  for (;;) {
    const start = document.indexOf(open, at);
    const end = start < 0 ? -1 : document.indexOf(close, start);
    if (end < 0) break;
    const name = document.slice(start + open.length, end);
    escaped += document.slice(at, start + open.length);
    escaped += name.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
    at = end;
  }
  return (escaped + document.slice(at)).replace(bareAmpersand, '&amp;');
}

/** The elements `name` directly under `node`. */
export function childrenOf(node: XmlNode, name: string): XmlNode[] {
  const child = childOf(node, name);
  if (child === undefined) return [];
  return (Array.isArray(child) ? child : [child]).filter((item) => isNode(item));
}

/**
 * The text at a path. A container that has collapsed into text ("GPU is lost" where remapped_rows should be) answers for what would be in it,
 * except the plain emptiness of an empty container. Undefined: not there.
 */
export function textAt(node: XmlNode, path: readonly string[]): string | undefined {
  let current: XmlNode = node;
  for (const name of path) {
    if (typeof current === 'string') return current.trim() === '' ? undefined : current;
    const next: XmlNode | undefined = childrenOf(current, name)[0];
    if (next === undefined) return undefined;
    current = next;
  }
  if (typeof current === 'string') return current;
  const own = childOf(current, '_');
  return typeof own === 'string' ? own : undefined;
}

export function attributeOf(node: XmlNode, name: string): string | undefined {
  const attributes = childOf(node, '$');
  const value = isNode(attributes) ? childOf(attributes, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}

function childOf(node: XmlNode, name: string): unknown {
  return typeof node !== 'string' && Object.hasOwn(node, name) ? node[name] : undefined;
}

function isNode(value: unknown): value is XmlNode {
  return (
    typeof value === 'string' ||
    (typeof value === 'object' && value !== null && !Array.isArray(value))
  );
}

function badDocument(why: string, cause?: unknown): SourceError {
  return new SourceError('bad_output', `the XML of nvidia-smi cannot be used: ${why}`, {
    cause,
    hint: 'Run nvidia-smi -q -x by hand and look at its end.',
  });
}
