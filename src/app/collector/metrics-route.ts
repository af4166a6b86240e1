import { acceptsGzip, formatFor } from '../../exposition/accept.ts';
import { staleExposition } from './readiness.ts';
import type { Exposition, Scrape } from '../../exposition/exposition.ts';
import { textResponse, type Route, type WebResponse } from '../../web/route.ts';

/** `/metrics`: prepared bytes, in the format and encoding that the scraper asks for. */
export function metricsRoute(exposition: Exposition): Route {
  return {
    path: '/metrics',
    description: 'metrics for Prometheus: text, or OpenMetrics when asked for',
    handle: ({ headers }) => {
      // Old values with the status of new ones would look as if nothing had happened since.
      const [stale] = staleExposition(exposition.ageMs());
      if (stale !== undefined) return textResponse(503, `${stale.code}: ${stale.detail}\n`);
      const gzip = acceptsGzip(headers['accept-encoding']?.toString());
      const scrape = exposition.scrape(formatFor(headers.accept), gzip);
      return scrape instanceof Promise ? scrape.then(responseOf) : responseOf(scrape);
    },
  };
}

function responseOf(scrape: Scrape): WebResponse {
  return {
    status: 200,
    headers: {
      'content-type': scrape.contentType,
      vary: 'accept, accept-encoding',
      ...(scrape.gzip ? { 'content-encoding': 'gzip' } : {}),
    },
    body: scrape.body,
  };
}
