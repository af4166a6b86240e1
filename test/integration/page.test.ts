import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithCluster } from '../support/describe-with-cluster.ts';
import { findPart } from '../support/parts/find-part.ts';
import { startProgram } from '../support/program.ts';
import type { Service } from '../support/service.ts';
import { waitUntil } from '../support/wait-until.ts';

/** As root, Chromium wants no sandbox; it looks at nothing but our own page. */
const chromiumArgs = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];

describeWithCluster('the page of standalone in a real browser', () => {
  let standalone: Service;
  let browser: Browser;

  beforeAll(async () => {
    standalone = await startProgram({
      name: 'standalone',
      mode: 'standalone',
      args: [
        '--source=simulated',
        '--simulated.workloads=batch-inference,idle',
        '--simulated.gpus=2',
      ],
    });
    browser = await chromium.launch({
      executablePath: await findPart('chromium'),
      args: chromiumArgs,
    });
  });

  afterAll(async () => {
    await browser?.close();
    await standalone?.stop();
  });

  async function open(colorScheme: 'light' | 'dark', troubles: string[]): Promise<Page> {
    const page = await browser.newPage({ colorScheme, viewport: { width: 1280, height: 900 } });
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') troubles.push(message.text());
    });
    page.on('request', (request) => {
      // Everything is bundled: nothing may come from outside.
      if (new URL(request.url()).origin !== new URL(standalone.url).origin) {
        if (!request.url().startsWith('data:')) troubles.push(`asked ${request.url()}`);
      }
    });
    await page.goto(standalone.url);
    return page;
  }

  it('shows each GPU with its plot and, in time, its verdict; says that they are simulated', async () => {
    const troubles: string[] = [];
    const page = await open('light', troubles);
    await page.waitForSelector('.card canvas');
    expect(await page.locator('.card').count()).toBe(2);
    expect(await page.locator('#simulated').textContent()).toContain('not real');
    await waitUntil(
      async () => {
        const badges = await page.locator('.badge').allTextContents();
        return /^Cyclic, every \d/.test(badges[0] ?? '') && badges[1] === 'Idle';
      },
      { what: 'both verdicts on the page', timeoutMs: 90_000, everyMs: 500 },
    );
    await page
      .locator('summary', { hasText: 'What the node annotations would say' })
      .first()
      .click();
    expect(await page.locator('pre').first().textContent()).toContain(
      'ai.centaurus.io/GPU-0-job-type: DLT',
    );
    expect(await inkOf(page)).toBeGreaterThan(500);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it('reads values by keyboard and as a table, and names every plot', async () => {
    const page = await open('dark', []);
    const plot = page.locator('.plot').first();
    await plot.waitFor();
    await waitUntil(
      async () => (await plot.getAttribute('aria-label'))?.includes('mean utilisation'),
      {
        what: 'a label with figures',
        timeoutMs: 10_000,
      },
    );
    await plot.focus();
    await page.keyboard.press('ArrowLeft');
    const first = await page.locator('.reading').first().textContent();
    expect(first).toMatch(/utilisation \d+ %.*power \d+ W/);
    await page.keyboard.press('Shift+ArrowLeft');
    expect(await page.locator('.reading').first().textContent()).not.toBe(first);
    await page.locator('summary', { hasText: 'As a table' }).first().click();
    await waitUntil(async () => (await page.locator('tbody tr').count()) > 0, {
      what: 'rows',
      timeoutMs: 5_000,
    });
    expect(await page.locator('th[scope=col]').first().textContent()).toBe('From');
    await page.close();
  });

  it('has readable contrast in light and dark, and fits a telephone', async () => {
    for (const scheme of ['light', 'dark'] as const) {
      const page = await open(scheme, []);
      await page.waitForSelector('.badge');
      expect(await lowestContrast(page)).toBeGreaterThanOrEqual(4.5);
      await page.setViewportSize({ width: 360, height: 740 });
      // The plots follow the new width a moment later.
      const overflow = (): Promise<number> =>
        page.evaluate<number>(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
      await waitUntil(async () => (await overflow()) === 0, {
        what: 'everything within the width of the telephone',
        timeoutMs: 5_000,
      });
      await page.close();
    }
  });

  it('says that the numbers stand still when the server is gone', async () => {
    const page = await open('light', []);
    await page.waitForSelector('.card');
    standalone.signal('SIGKILL');
    await page.waitForSelector('#problem:not([hidden])', { timeout: 15_000 });
    expect(await page.locator('#problem').textContent()).toContain('stand still');
    await page.close();
  });
});

/** Pixels of the first plot that are not transparent: a plot that draws nothing has none. */
async function inkOf(page: Page): Promise<number> {
  return await page.evaluate(`(() => {
    const canvas = document.querySelector('.card canvas');
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let ink = 0;
    for (let at = 3; at < data.length; at += 4) if (data[at] > 0) ink += 1;
    return ink;
  })()`);
}

/** Lowest contrast ratio of text against its background among the kinds of text there are (WCAG 2.1 relative luminance). */
async function lowestContrast(page: Page): Promise<number> {
  return await page.evaluate(`(() => {
    const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const luminance = (colour) => {
      const [r, g, b] = numbers(colour).map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const background = (node) => {
      for (let at = node; at !== null; at = at.parentElement) {
        const colour = getComputedStyle(at).backgroundColor;
        if (numbers(colour)[3] !== 0) return colour;
      }
      return 'rgb(255, 255, 255)';
    };
    let lowest = 21;
    for (const node of document.querySelectorAll('h1, h1 span, #status, nav a, h2, .tag, .badge, .why, .legend li, dt, dd, summary, footer p, .banner')) {
      const [a, b] = [luminance(getComputedStyle(node).color), luminance(background(node))];
      lowest = Math.min(lowest, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
    }
    return lowest;
  })()`);
}
