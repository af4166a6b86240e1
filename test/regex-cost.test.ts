import { describe, expect, it } from 'vitest';
import { parseYaml } from '../src/config/yaml.ts';
import { readFileValues } from '../src/config/file.ts';
import { optionNames, specOf } from '../src/config/names.ts';
import { superlinearText } from './support/regex/backtracks.ts';
import { regexLiterals } from './support/regex/literals.ts';

const root = new URL('..', import.meta.url).pathname;

describe('what regular expressions cost', () => {
  it.each([
    ['exponential', String.raw`^(?:\s*(?:#.*)?(?:\n|$))*$`, ''],
    ['cubic', String.raw`^\s*(.*?)\s*(?:\[([^\]]*)\])?\s*$`, ''],
    ['quadratic in two loops', String.raw`^(\d+\.?\d*)$`, ''],
    ['quadratic by its starts', String.raw`\/+$`, ''],
    ['quadratic by its starts', String.raw`nvml.*not found`, 'i'],
  ])('the measure finds what is %s: %s', (_, source, flags) => {
    expect(superlinearText({ where: 'here', source, flags })).not.toBeNull();
  });

  it.each(['src/config', 'src/gpu', 'src/web', 'src', 'scripts'])(
    'none in %s takes more than linearly many steps on a text that is made to hurt it',
    { timeout: 120_000 },
    (folder) => {
      const found = regexLiterals(root, folder).filter(
        ({ where }) => folder !== 'src' || !/^src\/(?:config|gpu|web)\//.test(where),
      );
      expect(found.length).toBeGreaterThan(2);
      const slow = found.flatMap((regex) => {
        const text = superlinearText(regex);
        return text === null ? [] : [`${regex.where}: ${JSON.stringify(text.slice(0, 60))}`];
      });
      expect(slow).toEqual([]);
    },
  );

  it('the forms of options are linear, too', () => {
    const forms = optionNames.flatMap((name) => {
      const spec = specOf(name);
      const form = spec.type === 'list' ? spec.item : spec.type === 'string' ? spec.pattern : null;
      return form?.pattern === undefined ? [] : [{ where: name, source: form.pattern, flags: '' }];
    });
    expect(forms.length).toBeGreaterThan(3);
    for (const form of forms)
      expect([form.where, superlinearText(form)]).toEqual([form.where, null]);
  });

  it('a file of commented options is read, with one that is set and with none', () => {
    const comments = '# a: 1\n\n\n# b: 2\n   \n'.repeat(2_000);
    expect(parseYaml(`${comments}---\n`, 'empty.yaml')).toBeNull();
    expect(parseYaml(`${comments}source: nvml\n`, 'set.yaml')).toEqual({ source: 'nvml' });
    const found = readFileValues(`${comments}source: nvml\n`, 'set.yaml', []);
    expect(found.get('source')?.origin).toEqual({ kind: 'file', path: 'set.yaml', line: 10_001 });
  });
});
