import { describe, expect, it } from 'vitest';
import { acceptsGzip, formatFor } from './accept.ts';

describe('exposition/accept', () => {
  it.each([
    [undefined, 'text'],
    ['*/*', 'text'],
    ['text/html,*/*;q=0.8', 'text'],
    ['application/openmetrics-text', 'openmetrics'],
    [
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      'openmetrics',
    ],
    ['text/plain;version=0.0.4;q=0.9,application/openmetrics-text;q=0.1', 'text'],
    ['application/openmetrics-text;q=0', 'text'],
    ['application/openmetrics-text;q=nonsense, text/plain;q=0.1', 'text'],
  ] as const)('answers %j with %s', (accept, format) => {
    expect(formatFor(accept)).toBe(format);
  });

  it.each([
    [undefined, false],
    ['gzip', true],
    ['gzip, deflate, br', true],
    ['GZIP;q=0.5', true],
    ['identity', false],
    ['gzip;q=0', false],
    ['*', true],
    ['*;q=0', false],
    ['gzip;q=0, *', false],
  ] as const)('takes %j for gzip: %s', (header, gzip) => {
    expect(acceptsGzip(header)).toBe(gzip);
  });
});
