import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Route } from '../../web/route.ts';
import { staticFiles } from '../../web/static-files.ts';

/** The page, where it was built: beside the bundle, or in dist/ when the sources run. Without it everything else still works. */
export function pageRoutes(): readonly Route[] {
  const here = import.meta.dirname;
  const folder = [join(here, 'pages'), join(here, '..', '..', '..', 'dist', 'pages')].find((at) =>
    existsSync(join(at, 'index.html')),
  );
  return folder === undefined ? [] : staticFiles(folder, 'live plots and verdicts of each GPU');
}
