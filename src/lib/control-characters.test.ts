import { describe, expect, it } from 'vitest';
import { withoutControls } from './control-characters.ts';

describe('lib/control-characters', () => {
  it.each([
    ['NVIDIA H100', 'NVIDIA H100'],
    ['a\u001b[31mred', 'a [31mred'],
    ['a\u009b31mred', 'a 31mred'],
    ['two\r\nlines\u2028three', 'two  lines three'],
    ['\u202eevil', ' evil'],
    ['Grünes Gerät 名', 'Grünes Gerät 名'],
  ])('of %j leaves %j', (given, left) => {
    expect(withoutControls(given)).toBe(left);
  });
});
