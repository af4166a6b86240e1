import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const folders = ['', 'docs', 'docs/adr', 'charts/gpu-profiler', 'manifests', 'manifests/systemd'];
const documents = folders
  .map((folder) => join(root, folder))
  .filter((folder) => existsSync(folder))
  .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
  .filter((path) => path.endsWith('.md'));

/** As code hosts make them of headings. */
function anchorsOf(markdown: string): Set<string> {
  const headings = markdown.replaceAll(/^```.*?^```/gms, '').match(/^#+ .*$/gm) ?? [];
  return new Set(
    headings.map((heading) =>
      heading
        .replace(/^#+ /, '')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}

function brokenLinks(path: string): string[] {
  const markdown = readFileSync(path, 'utf8').replaceAll(/^```.*?^```/gms, '');
  const links = [...markdown.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target ?? '');
  return links.filter((target) => {
    if (/^[a-z]+:/.test(target)) return false;
    const [file = '', anchor] = target.split('#', 2);
    const named = file === '' ? path : join(dirname(path), file);
    if (!existsSync(named)) return true;
    return (
      anchor !== undefined &&
      named.endsWith('.md') &&
      !anchorsOf(readFileSync(named, 'utf8')).has(anchor)
    );
  });
}

describe('links between documents', () => {
  it.each(documents.map((path) => relative(root, path)))('%s: each leads somewhere', (path) => {
    expect(brokenLinks(join(root, path))).toEqual([]);
  });

  it('there are some', () => {
    expect(documents.length).toBeGreaterThan(10);
  });
});
