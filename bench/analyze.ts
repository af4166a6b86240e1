import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';

/**
 * What `analyze` costs for a million rows: seconds on the wall and of the processor, and the most memory, of several runs each.
 * `node bench/analyze.ts [--rows 1000000] [--runs 3]`; needs dist/ (npm run build) and /usr/bin/time.
 */
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    runs: { type: 'string', default: '3' },
  },
});
const rows = Number(values.rows);
const runs = Number(values.runs);
const main = join(import.meta.dirname, '..', 'dist', 'main.js');
if (!existsSync(main)) throw new Error('dist/main.js is missing: npm run build');

const folder = mkdtempSync(join(tmpdir(), 'bench-analyze-'));
try {
  await measure('a trace, ten rows a second', 'trace.csv', trace());
  await measure('the same, packed', 'trace.csv.gz', trace(), true);
  await measure('a log of one GPU, five rows a second', 'one.csv', log(1));
  await measure('a log of eight GPUs, a row of each a second', 'eight.csv', log(8));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measure(
  what: string,
  name: string,
  lines: Iterable<string>,
  isPacked = false,
): Promise<void> {
  const path = join(folder, name);
  const text = Readable.from(lines);
  if (isPacked) await pipeline(text, createGzip(), createWriteStream(path));
  else await pipeline(text, createWriteStream(path));
  const costs = [];
  for (let run = 0; run < runs; run += 1) costs.push(await costOf(path));
  print(`${what}: ${rows} rows, ${(statSync(path).size / 1e6).toFixed(1)} MB`);
  for (const { wall, processor, memory } of costs) {
    print(`  ${wall.toFixed(1)} s, processor ${processor.toFixed(1)} s, ${memory.toFixed(0)} MiB`);
  }
}

interface Cost {
  readonly wall: number;
  readonly processor: number;
  readonly memory: number;
}

function costOf(path: string): Promise<Cost> {
  const args = ['-f', '%e %U %S %M', process.execPath, main, 'analyze', path];
  const child = spawn('/usr/bin/time', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      const [wall, user, system, kib] = (told.trim().split('\n').at(-1) ?? '')
        .split(' ')
        .map(Number);
      resolve({ wall: wall!, processor: user! + system!, memory: kib! / 1_024 });
    });
  });
}

/** Nine seconds of work in thirteen, with the noise of a real load. */
function* trace(): Generator<string> {
  yield 't_s,util_gpu,mem_used_mib,power_w\n';
  for (let row = 0; row < rows; row += 1) {
    const { util, watts } = load(row * 0.1, row);
    yield `${(row * 0.1).toFixed(1)},${util},40000,${watts}\n`;
  }
}

function* log(gpus: number): Generator<string> {
  yield 'timestamp, index, utilization.gpu [%], memory.used [MiB], power.draw [W]\n';
  const step = gpus === 1 ? 0.2 : 1;
  for (let row = 0; row < rows; row += 1) {
    const [query, gpu] = [Math.floor(row / gpus), row % gpus];
    const time = new Date(Date.UTC(2026, 0, 1) + query * step * 1_000 + gpu).toISOString();
    const stamp = time.replaceAll('-', '/').replace('T', ' ').replace('Z', '');
    const { util, watts } = load(query * step + 1.7 * gpu, row);
    yield `${stamp}, ${gpu}, ${util} %, 40000 MiB, ${watts} W\n`;
  }
}

function load(seconds: number, row: number): { readonly util: number; readonly watts: string } {
  // Any sequence without a period of its own does.
  const noise = Math.abs(Math.sin(row * 12.9898) * 43_758.5453) % 1;
  const isBusy = seconds % 13 < 9;
  return {
    util: Math.round(isBusy ? 90 + 8 * noise : 5 * noise),
    watts: (isBusy ? 300 + 20 * noise : 90 + noise).toFixed(2),
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
