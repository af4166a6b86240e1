import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { PageName } from '../../../../src/dashboards/grafana/links.ts';
import { findPart } from '../../parts/find-part.ts';
import { everything } from '../expressions.ts';
import type { QueryRange } from '../query.ts';
import { previewPage } from './page.ts';

/** Variables with which each page is shown. */
const shownWith: Readonly<Partial<Record<PageName, Readonly<Record<string, string>>>>> = {
  node: { ...everything, node: 'gpu-node-2' },
  pod: { ...everything, namespace: 'research' },
};

/** Small enough for documents, large enough to be read. */
const scale = 0.75;

interface Pictures {
  readonly pages: readonly PageName[];
  readonly folder: string;
  /** Also as a document that can be zoomed. */
  readonly html: boolean;
}

/** Writes each page as a picture; returns the panels without data by page. */
export async function takePictures(
  url: string,
  range: QueryRange,
  { pages, folder, html }: Pictures,
): Promise<Readonly<Record<string, readonly string[]>>> {
  await mkdir(folder, { recursive: true });
  const browser = await chromium.launch({
    executablePath: await findPart('chromium'),
    // As root Chromium wants no sandbox; it looks at nothing but our own page.
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const empty: Record<string, readonly string[]> = {};
    for (const name of pages) {
      const preview = await previewPage(url, name, range, shownWith[name] ?? everything);
      empty[name] = preview.empty;
      if (html) await writeFile(join(folder, `dashboard-${name}.html`), preview.html);
      const page = await browser.newPage({
        viewport: { width: preview.width, height: preview.height },
        deviceScaleFactor: scale,
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
