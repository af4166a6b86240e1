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
        '--simulated.workloads=batch-inference,idle,stuck,held-idle',
        '--simulated.gpus=4',
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
    await page.waitForSelector('main .card canvas');
    expect(await page.locator('main .card').count()).toBe(4);
    expect(await page.locator('#simulated').textContent()).toContain('not real');
    await waitUntil(
      async () => {
        const said = await page.locator('main .said').allTextContents();
        return said[0]?.startsWith('Stalled') && /Repeats every \d.*Idle/s.test(said.join());
      },
      { what: 'all verdicts on the page', timeoutMs: 90_000, everyMs: 500 },
    );
    const said = await page.locator('main .said').allTextContents();
    expect(said).toEqual([
      'Stalled: busy without drawing power, probably a hung collective',
      expect.stringMatching(/^Held idle for \d+ (s|min): \d+\.\d GiB held, nothing runs$/),
      expect.stringMatching(
        /^Repeats every \d\.?\d* s \(typical of training; batch inference looks the same\)$/,
      ),
      'Idle',
    ]);
    expect(await page.textContent('main')).not.toMatch(/100 % sure|evenly/i);
    expect(await page.locator('#status').textContent()).toMatch(/: 1 stalled, 1 held idle, 1 cyc/);
    expect(await page.title()).toMatch(/^1 stalled, 1 held idle · .* · gpu-profiler$/);
    expect(await page.locator('#attention li').allTextContents()).toEqual([
      expect.stringMatching(/^GPU 2 Stalled: .*, since \d\d:\d\d:\d\d$/),
      expect.stringMatching(/^GPU 3 Held idle for /),
    ]);
    const training = page.locator('main .card').nth(2);
    await training.locator('summary', { hasText: 'What the node annotations would say' }).click();
    expect(await training.locator('pre').textContent()).toContain(
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
    const first = await page.locator('main .reading').first().textContent();
    expect(first).toMatch(/^\d\d:\d\d:\d\d: utilisation \d+ %, memory \d+\.\d GiB, power \d+ W/);
    await page.keyboard.press('Shift+ArrowLeft');
    expect(await page.locator('main .reading').first().textContent()).not.toBe(first);
    await page.locator('summary', { hasText: 'As a table' }).first().click();
    await waitUntil(async () => (await page.locator('tbody tr').count()) > 0, {
      what: 'rows',
      timeoutMs: 5_000,
    });
    expect(await page.locator('th[scope=col]').allTextContents()).toContain('Memory, GiB');
    // One unit and one clock in all of the page.
    expect(await page.textContent('body')).not.toMatch(/MiB|[AP]M\b/);
    await page.close();
  });

  it('changes range, order and view by keyboard, and keeps them', async () => {
    const troubles: string[] = [];
    const page = await open('light', troubles);
    await page.waitForSelector('main .card canvas');
    const pressed = (): Promise<string[]> =>
      page.locator('button[aria-pressed=true]').allTextContents();
    expect(await pressed()).toEqual(['10 min', 'Cards']);
    const asked = page.waitForRequest((request) => request.url().includes('seconds=3600&step=60'));
    await page.getByRole('button', { name: '1 h' }).focus();
    await page.keyboard.press('Enter');
    await asked;
    await page.getByRole('button', { name: 'Compact' }).focus();
    await page.keyboard.press('Space');
    await page.waitForSelector('table.compact tbody tr');
    expect(await page.locator('main .card').count()).toBe(0);
    expect(await page.locator('table.compact tbody tr').count()).toBe(4);
    await page.getByLabel('Order').selectOption('index');
    expect(await page.locator('table.compact tbody th').allTextContents()).toEqual([
      expect.stringMatching(/^0 /),
      expect.stringMatching(/^1 /),
      expect.stringMatching(/^2 /),
      expect.stringMatching(/^3 /),
    ]);
    await page.reload();
    await page.waitForSelector('table.compact');
    expect(await pressed()).toEqual(['1 h', 'Compact']);
    expect(troubles).toEqual([]);
    await page.close();
  });

  it('has a band of patterns per GPU, read by keyboard', async () => {
    const page = await open('light', []);
    await page.waitForSelector('.band span[data-state=stalled]');
    expect(await page.locator('.band').count()).toBe(4);
    const band = page.locator('.band').first();
    expect(await band.getAttribute('aria-label')).toMatch(/^Patterns of GPU 2: .*stalled \d+ /);
    await band.focus();
    const reading = page.locator('#bands .reading');
    expect(await reading.textContent()).toMatch(/^GPU 2: stalled from \d\d:\d\d:\d\d to /);
    await page.keyboard.press('Home');
    expect(await reading.textContent()).not.toContain('stalled');
    await page.close();
  });

  it('has readable contrast in light and dark, and fits a telephone', async () => {
    for (const scheme of ['light', 'dark'] as const) {
      const page = await open(scheme, []);
      await page.waitForSelector('.badge');
      expect(await lowestContrast(page)).toBeGreaterThanOrEqual(4.5);
      await page.getByRole('button', { name: 'Compact' }).click();
      await page.waitForSelector('table.compact td');
      expect(await lowestContrast(page)).toBeGreaterThanOrEqual(4.5);
      await page.setViewportSize({ width: 360, height: 740 });
      // The plots follow the new width a moment later.
      const overflow = (): Promise<number> =>
        page.evaluate<number>(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
      for (const view of ['Compact', 'Cards']) {
        await page.getByRole('button', { name: view }).click();
        await waitUntil(async () => (await overflow()) === 0, {
          what: 'everything within the width of the telephone',
          timeoutMs: 5_000,
        });
      }
      await page.close();
    }
  });

  it('says that the numbers stand still when the server is gone', async () => {
    const page = await open('light', []);
    await page.waitForSelector('main .card');
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
    for (const node of document.querySelectorAll('h1, h1 span, #status, nav a, h2, .tag, .badge, .why, .legend li, dt, dd, summary, footer p, .banner, .note, .moment, .attention li, .attention a, button, select, .choice, .band span, .band-axis span, .compact td, .compact th')) {
      const [a, b] = [luminance(getComputedStyle(node).color), luminance(background(node))];
      lowest = Math.min(lowest, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
    }
    return lowest;
  })()`);
}
