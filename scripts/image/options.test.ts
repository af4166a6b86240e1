import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/lib/errors.ts';
import { help, parseOptions } from './options.ts';

describe('parseOptions', () => {
  it('needs nothing: the name that the chart asks for, a file here', () => {
    expect(parseOptions([], '1.2.3')).toEqual({
      tag: 'gpu-profiler:1.2.3',
      archive: resolve('gpu-profiler-1.2.3.tar'),
      base: 'auto',
      buildImage: undefined,
      engine: undefined,
      verbose: false,
    });
  });

  it('takes a registry with a port', () => {
    const tag = 'registry.example.com:5000/team/gpu-profiler:v1.2.3_rc-1';

    expect(parseOptions(['--tag', tag, '--engine=podman'], '1.2.3')).toMatchObject({
      tag,
      engine: 'podman',
    });
  });

  it.each([
    [['--tag', 'gpu-profiler'], 'not NAME:TAG'],
    [['--tag', 'Gpu:1'], 'not NAME:TAG'],
    [['--tag', 'gpu-profiler:a b'], 'not NAME:TAG'],
    [['--engine', 'rkt'], 'known are buildah, podman, docker'],
    [['--arhive', 'x'], '--arhive'],
  ])('refuses %j', (args, expected) => {
    expect(() => parseOptions(args, '1.2.3')).toThrow(UsageError);
    expect(() => parseOptions(args, '1.2.3')).toThrow(expected);
  });

  it('has a help that names every flag', () => {
    expect(parseOptions(['-h'], '1.2.3')).toBe('help');
    for (const flag of ['tag', 'archive', 'base', 'build-image', 'engine', 'verbose']) {
      expect(help).toContain(`--${flag} `);
    }
  });
});
