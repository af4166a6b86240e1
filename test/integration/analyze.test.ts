import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithCluster } from '../support/describe-with-cluster.ts';
import {
  dcgmText,
  startPlayedExporter,
  type PlayedExporter,
} from '../support/fake-prometheus/played-exporter.ts';
import { findPart } from '../support/parts/find-part.ts';
import { scrapeConfig, startPrometheus, type Prometheus } from '../support/prometheus.ts';
import { createDice, periodicSeries } from '../support/synthetic-series.ts';
import { waitUntil } from '../support/wait-until.ts';

const main = join(import.meta.dirname, '..', '..', 'src', 'main.ts');

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function analyze(...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, 'analyze', ...args], (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
  });
}

function analyzeInput(input: Buffer, ...args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [main, 'analyze', ...args],
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : 1, stdout, stderr });
      },
    );
    child.stdin?.end(input);
  });
}

const matching = (pattern: RegExp): unknown => expect.stringMatching(pattern);

interface Told {
  readonly gpus: readonly {
    readonly gpu: string;
    readonly samples: number;
    readonly verdict: {
      readonly pattern: string;
      readonly periodSeconds: number | null;
      readonly periodUnresolved: boolean;
    };
  }[];
  readonly problems: readonly { readonly message: string }[];
}

function told({ stdout }: Ended): Told {
  return JSON.parse(stdout) as Told;
}

/** A training of 13 s per cycle, then nothing, as `nvidia-smi --query-gpu -lms 200` would log it. */
function smiLog(): string {
  const { timesSeconds, values } = periodicSeries(
    { shape: 'square 70 %', samples: 900, stepSeconds: 0.2, periodSeconds: 13 },
    createDice(5),
  );
  const rows = [...timesSeconds].map((seconds, i) => {
    const time = new Date(Date.UTC(2026, 0, 31) + 1_000 * seconds).toISOString();
    const stamp = time.replaceAll('-', '/').replace('T', ' ').replace('Z', '');
    return `${stamp}, 0, NVIDIA H100, ${values[i]} %, ${values[i]! > 50 ? 9000 : 8200} MiB, ${(80 + 5 * values[i]!).toFixed(2)} W`;
  });
  const header = 'timestamp, index, name, utilization.gpu [%], memory.used [MiB], power.draw [W]';
  return [header, ...rows, ''].join('\n');
}

describeWithCluster('gpu-profiler analyze', () => {
  let folder: string;
  let browser: Browser;
  let exporter: PlayedExporter;
  let prometheus: Prometheus;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gpu-profiler-analyze-'));
    await writeFile(join(folder, 'gpu.csv'), smiLog());
    const gpu = { node: 'gpu-a', index: 0, uuid: 'GPU-gpu-a-0', periodMs: 8_000 };
    exporter = await startPlayedExporter((timeMs) => dcgmText(gpu, timeMs));
    prometheus = await startPrometheus({
      config: scrapeConfig({ dcgm: [exporter.target] }, { scrape: '1s' }),
    });
    browser = await chromium.launch({
      executablePath: await findPart('chromium'),
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    });
  });

  afterAll(async () => {
    await browser?.close();
    await prometheus?.stop();
    await exporter?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('tells the period in a log of nvidia-smi, in words, in a table and as JSON', async () => {
    const file = join(folder, 'gpu.csv');
    const text = await analyze(file);
    const table = await analyze(file, '--wide');
    const json = await analyze(file, '--json');

    expect(text).toMatchObject({ code: 0, stderr: '' });
    expect(text.stdout).toMatch(/Whole recording\n +patterns +cyclic 100 %/);
    expect(text.stdout).toMatch(/At the end\n +pattern +cyclic.*\n +period +13(\.\d+)? s ± /);
    expect(text.stdout.split('\n').every((line) => line.length <= 80)).toBe(true);
    expect(table.stdout).toMatch(/gpu\.csv +0 +3 min +cyclic 100 % +13(\.\d)? s /);
    expect(json.code).toBe(0);
    expect(told(json).gpus[0]!.verdict.periodSeconds).toBeCloseTo(13, 0);
  });

  it('goes on after a bad file, and names its line and column', async () => {
    const bad = join(folder, 'bad.csv');
    await writeFile(bad, 't_s,util_gpu\n0,1\n1,much\n');
    const ended = await analyze(bad, join(folder, 'gpu.csv'), join(folder, 'none.csv'), '--json');

    expect(ended.code).toBe(1);
    expect(told(ended).gpus).toHaveLength(1);
    expect(told(ended).problems).toHaveLength(2);
    expect(ended.stderr).toContain('bad.csv, line 3, column util_gpu: "much" is not a number');
    expect(ended.stderr).toContain('none.csv cannot be read');
  });

  it('takes standard input, packed files and folders', async () => {
    const log = await readFile(join(folder, 'gpu.csv'));
    const logs = join(folder, 'logs');
    await mkdir(join(logs, 'deeper'), { recursive: true });
    await writeFile(join(logs, 'a.csv.gz'), gzipSync(log));
    await writeFile(join(logs, 'deeper', 'b.csv'), log);
    await writeFile(join(logs, 'notes.md'), '# Notes\n');
    const [piped, packed, all] = [
      await analyzeInput(gzipSync(log), '-', '--json'),
      await analyze(join(logs, 'a.csv.gz'), '--json'),
      await analyze(logs),
    ];

    for (const ended of [piped, packed]) {
      expect(told(ended).gpus).toMatchObject([{ samples: 900, verdict: { pattern: 'cyclic' } }]);
    }
    expect(all.code).toBe(0);
    expect(all.stderr).toBe(`gpu-profiler: ${logs}: no recordings: ${join(logs, 'notes.md')}\n`);
    const [head, a, b, blank, ...details] = all.stdout.split('\n');
    expect(head).toMatch(/^RECORDING +GPU +/);
    expect([a, b]).toEqual([/^a\.csv\.gz +0 .*cyclic/, /^b\.csv +0 .*cyclic/].map(matching));
    expect(blank).toBe('');
    expect(details.filter((line) => line === '  Whole recording')).toHaveLength(2);
  });

  it('explains wrong use', async () => {
    expect(await analyze()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('nothing to analyse'),
    });
    const lost = await analyze('--prometheus.url', 'http://127.0.0.1:1', '--node', 'x');
    expect(lost.code).toBe(1);
    expect(lost.stderr).toContain('is the port in prometheus.url the right one?');
  });

  it('tells the same of a real Prometheus and of its recorded reply: cyclic, the period open', async () => {
    const expression = '{__name__=~"DCGM_FI_DEV_.*"}[10m]';
    await waitUntil(
      async () => {
        const [count] = await prometheus.query('count_over_time(DCGM_FI_DEV_GPU_UTIL[10m])');
        return Number(count?.value[1] ?? 0) >= 48;
      },
      { what: 'six cycles in Prometheus', timeoutMs: 100_000, everyMs: 1_000 },
    );
    const server = ['--prometheus.url', prometheus.url, '--since', '10m', '--json'];
    const live = await analyze(...server, '--node', 'gpu-a');
    const url = `${prometheus.url}/api/v1/query?query=${encodeURIComponent(expression)}`;
    const file = join(folder, 'reply.json');
    await writeFile(file, await (await fetch(url)).text());
    const recorded = await analyze(file, '--json');
    const stranger = await analyze(...server, '--node', 'gpu-z');

    for (const ended of [live, recorded]) {
      expect(told(ended).gpus).toMatchObject([
        {
          verdict: {
            pattern: 'cyclic',
            periodSeconds: null,
            apparentPeriodSeconds: expect.closeTo(8, 0),
            periodUnresolved: true,
          },
        },
      ]);
    }
    expect(recorded.code).toBe(0);
    expect(stranger.code).toBe(1);
    expect(stranger.stderr).toContain('no series of GPUs of node gpu-z');
  });

  async function open(file: string, colorScheme: 'light' | 'dark', width: number): Promise<Page> {
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } });
    page.on('request', (request) => {
      if (!request.url().startsWith('file:')) throw new Error(`asked ${request.url()}`);
    });
    await page.goto(pathToFileURL(file).href);
    return page;
  }

  it.each(['light', 'dark'] as const)(
    'writes a report that a browser shows by itself, %s',
    async (colorScheme) => {
      const file = join(folder, `${colorScheme}.html`);
      const ended = await analyze(join(folder, 'gpu.csv'), '--report', file);
      expect(ended).toMatchObject({ code: 0, stderr: '' });
      expect(await readFile(file, 'utf8')).toContain('<!doctype html>');

      for (const width of [1200, 380]) {
        const page = await open(file, colorScheme, width);
        // Timeline, three channels, the autocorrelation.
        expect(await page.locator('svg').count()).toBe(5);
        for (const drawing of await page.locator('svg').all()) {
          const box = (await drawing.boundingBox())!;
          expect(box.width).toBeGreaterThan(0.6 * width);
          expect(box.height).toBeGreaterThan(5);
        }
        expect(await page.locator('.mark').count()).toBeGreaterThan(12);
        expect(await page.locator('h3').allTextContents()).toEqual([
          expect.stringMatching(/^1 GPU, 3 min/),
          'The whole recording',
          expect.stringMatching(/^At the end: cyclic, 13/),
        ]);
        expect(await page.locator('td').first().isVisible()).toBe(false);
        await page.locator('summary').click();
        expect(await page.locator('td').first().isVisible()).toBe(true);
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        expect(overflow).toBe(0);
        expect(await contrastOf(page)).toBeGreaterThan(4.5);
        await page.close();
      }
    },
  );

  /** Least contrast of text against its card (WCAG 2.1, relative luminance). */
  async function contrastOf(page: Page): Promise<number> {
    const colours = await page.evaluate<string[]>(`(() => {
      const card = getComputedStyle(document.querySelector('article')).backgroundColor;
      const of = (selector, property) => getComputedStyle(document.querySelector(selector))[property];
      return [card, of('h2', 'color'), of('dt', 'color'), of('.said', 'color'), of('.axis', 'fill')];
    })()`);
    const [card, ...texts] = colours.map(luminance);
    return Math.min(
      ...texts.map((text) => (Math.max(card!, text) + 0.05) / (Math.min(card!, text) + 0.05)),
    );
  }

  function luminance(colour: string): number {
    const [red, green, blue] = colour.match(/[\d.]+/g)!.map((part) => {
      const share = Number(part) / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  }
});
