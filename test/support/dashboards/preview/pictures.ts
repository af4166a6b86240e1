import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { pageNames, type PageName } from '../../../../src/dashboards/grafana/links.ts';
import { findPart } from '../../parts/find-part.ts';
import { everything } from '../expressions.ts';
import type { QueryRange } from '../query.ts';
import { previewPage } from './page.ts';

/** Variables with which each page is shown. */
const shownWith: Readonly<Partial<Record<PageName, Readonly<Record<string, string>>>>> = {
  node: { ...everything, node: 'gpu-node-2' },
  pod: { ...everything, namespace: 'research' },
};

/** Writes each page as HTML and as a picture; returns the panels without data by page. */
export async function takePictures(
  url: string,
  range: QueryRange,
  folder: string,
): Promise<Readonly<Record<string, readonly string[]>>> {
  await mkdir(folder, { recursive: true });
  const browser = await chromium.launch({
    executablePath: await findPart('chromium'),
    // As root Chromium wants no sandbox; it looks at nothing but our own page.
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const empty: Record<string, readonly string[]> = {};
    for (const name of pageNames) {
      const preview = await previewPage(url, name, range, shownWith[name] ?? everything);
      empty[name] = preview.empty;
      await writeFile(join(folder, `${name}.html`), preview.html);
      const page = await browser.newPage({
        viewport: { width: preview.width, height: preview.height },
      });
      await page.setContent(preview.html);
      await page.screenshot({ path: join(folder, `dashboard-${name}.png`) });
      await page.close();
    }
    return empty;
  } finally {
    await browser.close();
  }
}
