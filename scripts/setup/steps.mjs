import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuilt } from './build.mjs';
import { SetupError } from './install.mjs';
import { projectEnv, projectNode, root, say } from './project.mjs';
import { exitCodeOf } from './run.mjs';
import { countTests, failuresIn } from './test-counts.mjs';

/** The steps of `npm test`, in order. Each `run` returns `{ passed, failed, skipped }`. */
export const steps = [
  { name: 'build', title: 'Build', run: buildStep },
  { name: 'format', title: 'Format', run: (run) => check(run, 'prettier', ['--check', '.']) },
  {
    name: 'lint',
    title: 'Lint',
    run: (run) => check(run, 'oxlint', ['--type-aware', '--deny-warnings']),
  },
  { name: 'types', title: 'Types', run: types },
  {
    name: 'documents',
    title: 'Generated documents',
    run: (run) => check(run, projectNode, ['scripts/generate.ts', '--check']),
  },
  { name: 'unit', title: 'Unit tests', run: (run, args) => vitest(run, 'unit', args) },
  { name: 'integration', title: 'Integration tests', run: integration },
  { name: 'cluster', title: 'Cluster tests', run: cluster },
];

/** Starts the commands of a run and ends them, with all their children, when the run is interrupted. */
export class Run {
  #child;
  #env;
  interrupted = false;
  /** A line per failed test, for the end. */
  failures = [];
  folder = mkdtempSync(join(tmpdir(), 'gpu-profiler-test-'));

  constructor() {
    this.#env = projectEnv();
    process.on('exit', () => this.#signal('SIGKILL'));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => this.#interrupt(signal));
    }
  }

  /** Resolves to the exit code. */
  command(command, args, { env } = {}) {
    if (this.interrupted) return Promise.resolve(130);
    return new Promise((resolve) => {
      const child = spawn(command, args, {
        cwd: root,
        env: { ...this.#env, ...env },
        stdio: ['ignore', 'inherit', 'inherit'],
        // Its own group: npm, the terminal and we would otherwise each send it the same Ctrl-C.
        detached: true,
      });
      this.#child = child;
      const finish = (code) => {
        this.#child = undefined;
        resolve(code);
      };
      child.on('error', (error) => {
        say(`${command}: ${error.message}`);
        finish(127);
      });
      child.on('exit', (code, signal) => finish(exitCodeOf(code, signal)));
    });
  }

  end() {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #interrupt(signal) {
    if (this.interrupted) return;
    this.interrupted = true;
    say(`\n${signal}: ending what runs …`);
    this.#signal('SIGTERM');
    setTimeout(() => this.#signal('SIGKILL'), 10_000).unref();
  }

  #signal(signal) {
    if (this.#child?.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, signal);
    } catch {
      // It has ended already.
    }
  }
}

async function buildStep() {
  try {
    await ensureBuilt();
    return one(true);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    return one(false);
  }
}

async function check(run, command, args) {
  return one((await run.command(command, args)) === 0);
}

/** The program, and the pages: those run in a browser and have a browser's types. */
async function types(run) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const project of ['tsconfig.json', 'src/web/pages/tsconfig.json']) {
    const { passed, failed } = await check(run, 'tsc', ['--noEmit', '-p', project]);
    counts.passed += passed;
    counts.failed += failed;
  }
  return counts;
}

async function vitest(run, project, args, env = {}, reporter = 'default') {
  const report = join(run.folder, `${project}.json`);
  const reporters = [`--reporter=${reporter}`, '--reporter=json', `--outputFile.json=${report}`];
  // A filter may well leave nothing in one of the projects.
  const filter = args.length === 0 ? [] : ['--passWithNoTests', ...args];
  const command = ['run', '--project', project, ...reporters, ...filter];
  const code = await run.command('vitest', command, { env: { CI: 'true', ...env } });
  let parsed;
  try {
    parsed = JSON.parse(readFileSync(report, 'utf8'));
  } catch {
    parsed = undefined;
  }
  run.failures.push(...failuresIn(parsed, root));
  return countTests(parsed, code);
}

async function integration(run, args) {
  return vitest(run, 'integration', args, await partsOf(run));
}

/** On a node of its own; the verbose reporter tells how long each test took. */
async function cluster(run, args) {
  return vitest(run, 'cluster', args, await partsOf(run), 'verbose');
}

/** Makes missing parts, once per run. Their absence fails the tests that need them, with the reason; the others still run. */
async function partsOf(run) {
  if (process.env.SKIP_CLUSTER === '1') return {};
  const failures = join(run.folder, 'part-failures.json');
  if (!existsSync(failures)) {
    say('real parts (found, or made once: about 12 min on two cores) …');
    const startedMs = Date.now();
    await run.command(projectNode, ['test/support/parts/make.ts', '--failures', failures]);
    say(`real parts: ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
  }
  return { GPU_PROFILER_PART_FAILURES: failures };
}

function one(passed) {
  return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
}
