import { describe, expect, it } from 'vitest';
import { nodeVersionProblem } from './node-version.ts';

describe('lib/node-version', () => {
  it.each(['22.19.0', '22.20.1', '24.0.0', '100.1.0'])('takes %s', (found) => {
    expect(nodeVersionProblem(found, '>=22.19')).toBeNull();
  });

  it.each(['22.18.9', '22.2.0', '20.20.2', '8.17.0'])('refuses %s in one line', (found) => {
    const said = nodeVersionProblem(found, '>=22.19');
    expect(said).toMatch(/^gpu-profiler needs Node >= 22\.19, found \d+\.\d+\.\d+: .*nodejs\.org/);
    expect(said).toContain(`found ${found}:`);
    expect(said).not.toContain('\n');
  });
});
