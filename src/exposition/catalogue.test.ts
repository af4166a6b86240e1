import { describe, expect, it } from 'vitest';
import { readingNames } from '../gpu/source.ts';
import { deviceFamilies, families } from './catalogue.ts';
import { stableFamilies } from './stability.ts';
import { familyOfReading } from './families/readings.ts';

describe('exposition/catalogue', () => {
  it('has each name once', () => {
    const names = families.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(families.map((family) => [family.name, family] as const))('%s has help', (_, family) => {
    expect(family.name).toMatch(/^[a-zA-Z_][a-zA-Z0-9_]*$/);
    expect(family.help).toMatch(/^[A-Z][^"\n\\]*\.$/);
  });

  it.each([
    ['native', /^gpu_(?!profiler_)/],
    ['self', /^(?:gpu_profiler|process|nodejs)_/],
    ['dcgm', /^DCGM_FI_DEV_/],
  ] as const)('gives names of the dialect %s their prefix', (dialect, prefix) => {
    const names = families.filter((family) => family.dialect === dialect).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !prefix.test(name))).toEqual([]);
  });

  it('says in our own names what is counted and in which base unit', () => {
    const own = families.filter(({ dialect }) => dialect !== 'dcgm');
    const wrong = own.filter(({ name, type, unit }) => {
      const base = name.replace(/_total$/, '');
      const last = base.slice(base.lastIndexOf('_') + 1);
      const isUnit = /^(seconds|bytes|ratio|watts|joules|celsius|hertz|lanes|percent)$/.test(last);
      return (type === 'counter') !== name.endsWith('_total') || (isUnit ? last : '') !== unit;
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it('promises to keep only what is there', () => {
    const stable = families.filter(({ stability }) => stability === 'stable');
    const names = new Set(stable.map(({ name }) => name));
    for (const name of stableFamilies) expect(names).toContain(name);
  });

  it('has a family for every reading', () => {
    const names = new Set(deviceFamilies.map(({ name }) => name));
    for (const reading of readingNames) expect(names).toContain(familyOfReading[reading]);
  });
});
