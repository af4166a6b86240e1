import { describe, expect, it } from 'vitest';
import { didYouMean, nearestOf } from './suggestion.ts';

const names = ['source', 'web.listen-address', 'prometheus.url', 'once', 'interval'];

describe('config/suggestion', () => {
  it.each([
    ['sorce', 'source'],
    ['SOURCE', 'source'],
    ['web_listen_address', 'web.listen-address'],
    ['listen-address', 'web.listen-address'],
    ['prometheus-url', 'prometheus.url'],
    ['intervall', 'interval'],
  ])('%s: %s was meant', (word, meant) => {
    expect(nearestOf(word, names)).toBe(meant);
  });

  it.each(['colour', 'x', 'kubernetes-something'])('%s: nothing near', (word) => {
    expect(nearestOf(word, names)).toBeNull();
    expect(didYouMean(word, names)).toBeUndefined();
    expect(didYouMean(word, names, 'See the list.')).toBe('See the list.');
  });
});
