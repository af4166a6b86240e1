import { describe, expect, it } from 'vitest';
import { dcgmDialect } from '../src/controller/usage/dcgm-dialect.ts';
import { instanceVerdictFamilies } from '../src/controller/usage/instance-verdicts.ts';
import {
  nativeDialect,
  simulatedLabel,
  verdictFamilies,
  verdictPatternFamily,
  verdictPatternLabels,
} from '../src/controller/usage/native-dialect.ts';
import { families } from '../src/exposition/catalogue.ts';

const unitOf = { util: 'ratio', memCopy: 'ratio', memUsed: 'bytes', power: 'watts' } as const;

/** The controller may not load the catalogue, so it writes out the names it reads: here they are held against it. */
describe('families that the controller reads', () => {
  const catalogue = new Map(families.map((family) => [family.name, family]));
  const labelsOf = (name: string): readonly string[] => {
    const family = catalogue.get(name);
    if (family === undefined) throw new Error(`${name} is not in the catalogue`);
    return family.labels;
  };

  it.each([
    ...nativeDialect.roster,
    ...Object.keys(nativeDialect.channels),
    ...Object.keys(nativeDialect.facts),
    ...nativeDialect.factFamilies,
    ...Object.values(verdictFamilies).map(({ family }) => family),
    verdictPatternFamily,
    ...instanceVerdictFamilies,
  ])('%s is published with the labels of a device', (name) => {
    expect(labelsOf(name)).toEqual(
      expect.arrayContaining([nativeDialect.uuidLabels[0], nativeDialect.indexLabel, 'node']),
    );
  });

  it('has the labels that carry the pattern and the facts', () => {
    expect(labelsOf(verdictPatternFamily)).toEqual(
      expect.arrayContaining([...verdictPatternLabels]),
    );
    expect(labelsOf('gpu_info')).toEqual(
      expect.arrayContaining([
        nativeDialect.modelLabels[0],
        nativeDialect.driverLabels[0],
        simulatedLabel,
      ]),
    );
  });

  it('has the units that the factors assume', () => {
    for (const [name, { meaning, scale }] of Object.entries(nativeDialect.channels)) {
      expect(catalogue.get(name)?.unit).toBe(unitOf[meaning]);
      expect(scale).toBe({ ratio: 100, bytes: 2 ** -20, watts: 1 }[unitOf[meaning]]);
    }
    const fitting: Readonly<Record<string, readonly number[]>> = {
      bytes: [2 ** -20],
      seconds: [1],
      '': [1],
      // Those in percent here, and those that stay a share.
      ratio: [1, 100],
    };
    for (const { family, scale } of Object.values(verdictFamilies)) {
      expect(fitting[catalogue.get(family)?.unit ?? '']).toContain(scale);
    }
  });

  it('finds its dcgm series among those that the collector writes in that dialect', () => {
    const usual = Object.keys(dcgmDialect.channels).filter((name) => /^[A-Z_]+$/.test(name));
    expect(usual).toHaveLength(4);
    for (const name of usual) {
      expect(labelsOf(name)).toEqual(
        expect.arrayContaining([
          dcgmDialect.uuidLabels[0],
          dcgmDialect.indexLabel,
          dcgmDialect.modelLabels[0],
          dcgmDialect.driverLabels[0],
          'Hostname',
        ]),
      );
    }
  });
});
