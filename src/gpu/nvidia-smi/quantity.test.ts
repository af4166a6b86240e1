import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantities, readField, readText } from './quantity.ts';
import type { QuantityName } from './quantity.ts';

describe('gpu/nvidia-smi/quantity', () => {
  it.each<[string, QuantityName, number]>([
    ['54 %', 'percent', 54],
    ['100.00 %', 'percent', 100],
    ['23028 MiB', 'memory', 23_028 * 2 ** 20],
    ['2 GiB', 'memory', 2 ** 31],
    ['103', 'memory', 103 * 2 ** 20],
    ['70.52 W', 'power', 70.52],
    ['-5 C', 'temperature', -5],
    ['1395 MHz', 'clock', 1.395e9],
    ['14001 MHz', 'clock', 14.001e9],
    ['16x', 'width', 16],
    ['16', 'width', 16],
    ['P8', 'performanceState', 8],
    ['105 %', 'fan', 105],
  ])('reads %j as %s: %d', (text, quantity, value) => {
    expect(readField(text, quantity)).toEqual({ kind: 'value', value });
  });

  it.each([
    [undefined, 'not_available'],
    ['', 'not_available'],
    ['N/A', 'not_available'],
    ['[N/A]', 'not_available'],
    ['Reserved', 'not_available'],
    ['-', 'not_available'],
    ['Not Supported', 'not_supported'],
    ['[Not Supported]', 'not_supported'],
    ['[Insufficient Permissions]', 'no_permission'],
    ['Requested functionality has been deprecated', 'deprecated'],
    ['Function Not Found', 'function_not_found'],
    ['Not available in WDDM driver model', 'requires_other_mode'],
    ['Requires MIG mode', 'requires_other_mode'],
    ['[Unknown Error]', 'unknown_error'],
    ['ERR!', 'unknown_error'],
    ['54 apples', 'unknown_error'],
    ['1e3 %', 'unknown_error'],
    ['250 %', 'out_of_range'],
    ['-1 %', 'out_of_range'],
  ])('says why there is no number in %j: %s', (text, reason) => {
    expect(readField(text, 'percent')).toEqual({ kind: 'missing', reason });
  });

  it.each([
    ['GPU is lost', 'gpu_lost'],
    ['[GPU is lost]', 'gpu_lost'],
    ['GPU requires reset', 'reset_required'],
  ])('takes %j for the state of the GPU', (text, reason) => {
    expect(readField(text, 'power')).toMatchObject({ kind: 'down', reason });
    expect(readText(text)).toBeUndefined();
  });

  it.each(['N/A', '[N/A]', '', 'Not Found', '[Not Supported]', 'Unknown Error'])(
    'sees no text in %j',
    (text) => {
      expect(readText(text)).toBeUndefined();
    },
  );

  it('never gives a number that is not finite or out of bounds', () => {
    const names = Object.keys(quantities) as QuantityName[];
    const numeric = fc
      .tuple(fc.double(), fc.constantFrom('', ' %', ' MiB', ' W', 'x', ' MHz', ' C'))
      .map(([value, unit]) => `${value}${unit}`);
    fc.assert(
      fc.property(fc.oneof(fc.string(), numeric), fc.constantFrom(...names), (text, name) => {
        const field = readField(text, name);
        if (field.kind !== 'value') return;
        expect(Number.isFinite(field.value)).toBe(true);
        expect(field.value).toBeGreaterThanOrEqual(quantities[name].limits[0]);
        expect(field.value).toBeLessThanOrEqual(quantities[name].limits[1]);
      }),
    );
  });
});
