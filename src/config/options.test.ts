import { describe, expect, it } from 'vitest';
import {
  defaultIn,
  environmentNameOf,
  filePathOf,
  isOptionName,
  optionNames,
  placesOf,
  specOf,
} from './names.ts';
import { parseValue } from './value.ts';

describe('config/options', () => {
  it.each(optionNames)(
    '%s has a default that is right, in every mode, and says what it is',
    (name) => {
      const spec = specOf(name);
      const wrong = spec.modes
        .map((mode) => defaultIn(name, mode))
        .filter((value) => value !== null && !parseValue(spec, value).ok);
      expect(wrong).toEqual([]);
      expect(spec.description).toMatch(/^\S.{15,}\.$/);
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*)*$/);
    },
  );

  it('has no name that is also the section of another: YAML could not hold both', () => {
    const paths = optionNames
      .filter((name) => placesOf(name).includes('file'))
      .map((name) => filePathOf(name).join('.'));
    const both = paths.filter((path) => paths.some((other) => other.startsWith(`${path}.`)));
    expect(both).toEqual([]);
  });

  it('has no two names with one environment variable', () => {
    const variables = optionNames.map(environmentNameOf);
    expect(new Set(variables).size).toBe(variables.length);
  });

  it('has no variable that Kubernetes sets for a Service named gpu-profiler', () => {
    const taken = /^GPU_PROFILER_(SERVICE_HOST|(SERVICE_)?PORT(_.*)?)$/;
    expect(optionNames.map(environmentNameOf).filter((name) => taken.test(name))).toEqual([]);
  });

  it('names only options and values that exist in onlyWith', () => {
    for (const name of optionNames) {
      const { onlyWith } = specOf(name);
      if (onlyWith === undefined) continue;
      expect(isOptionName(onlyWith.option)).toBe(true);
      if (!isOptionName(onlyWith.option)) continue;
      for (const value of onlyWith.values) {
        expect(parseValue(specOf(onlyWith.option), value)).toEqual({ ok: true, value });
      }
    }
  });

  it('has no secret that would be shown: every secret is also left out of print-config', () => {
    expect(optionNames.filter((name) => specOf(name).secret === true)).toEqual([
      'prometheus.headers',
    ]);
  });
});
