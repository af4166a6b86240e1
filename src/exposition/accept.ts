import type { ExpositionFormat } from './registry.ts';

/**
 * The format that a scraper prefers by its Accept header. OpenMetrics only when it is named: a wildcard or nothing means the
 * text format, which everything reads.
 */
export function formatFor(accept: string | undefined): ExpositionFormat {
  if (accept === undefined || !accept.includes('openmetrics')) return 'text';
  let text = 0;
  let openmetrics = 0;
  for (const { value, weight } of weighted(accept)) {
    if (value === 'application/openmetrics-text') openmetrics = Math.max(openmetrics, weight);
    else if (value === 'text/plain' || value === 'text/*' || value === '*/*') {
      text = Math.max(text, weight);
    }
  }
  return openmetrics > 0 && openmetrics >= text ? 'openmetrics' : 'text';
}

/** Whether an Accept-Encoding header allows gzip. */
export function acceptsGzip(acceptEncoding: string | undefined): boolean {
  if (acceptEncoding === undefined) return false;
  const found = weighted(acceptEncoding);
  const named = found.find(({ value }) => value === 'gzip' || value === 'x-gzip');
  const chosen = named ?? found.find(({ value }) => value === '*');
  return chosen !== undefined && chosen.weight > 0;
}

interface Weighted {
  readonly value: string;
  readonly weight: number;
}

function weighted(header: string): Weighted[] {
  return header.split(',').map((part) => {
    const [value = '', ...parameters] = part.split(';').map((piece) => piece.trim());
    const quality = parameters.find((parameter) => parameter.startsWith('q='));
    const weight = quality === undefined ? 1 : Number(quality.slice(2));
    return { value: value.toLowerCase(), weight: Number.isFinite(weight) ? weight : 0 };
  });
}
