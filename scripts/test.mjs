// `npm test`: sets up what is missing, then checks and tests everything.
// Plain JavaScript without packages: it is the first thing to run, on whatever Node the machine has.
import { parseArgs } from 'node:util';
import { ensureInstalled, SetupError } from './setup/install.mjs';
import { say } from './setup/project.mjs';
import { Run, steps } from './setup/steps.mjs';

const names = steps.map((step) => step.name);
const help = `npm test [-- --only NAMES] [-- VITEST ARGUMENTS]

Sets up what is missing (packages, build, real parts), then runs in order: ${names.join(', ')}.
The last line of stdout says how many passed, failed and were skipped; the exit code is 0 only if none failed.

  --only NAMES     only these steps, comma-separated
  --help           this text
  Further arguments go to vitest: \`npm test -- --only unit src/lib\`.

Environment:
  SKIP_CLUSTER=1   skip the integration tests that need real parts (etcd, kube-apiserver, Prometheus, …)
  KUBEBUILDER_ASSETS, ETCD, KUBE_APISERVER, KUBE_CONTROLLER_MANAGER, KUBECTL, PROMETHEUS, PROMTOOL, CHROMIUM, CC
                   where the real parts are; otherwise PATH, then the user's cache folder, then they are made
`;

const { only, rest } = readArguments(process.argv.slice(2));
try {
  await ensureInstalled();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(`set-up failed. ${error.message}`);
  process.stdout.write('0 passed, 1 failed, 0 skipped\n');
  process.exit(1);
}
process.exitCode = await runSteps();

async function runSteps() {
  const run = new Run();
  const total = { passed: 0, failed: 0, skipped: 0 };
  const lines = [];
  for (const step of steps) {
    if (!only.includes(step.name) || run.interrupted) continue;
    say(`\n=== ${step.title} ===`);
    const startedMs = Date.now();
    const namedBefore = run.failures.length;
    const counts = await step.run(run, rest);
    if (counts.failed > 0 && run.failures.length === namedBefore) {
      run.failures.push(
        `${step.title}: what it said is above; alone: npm test -- --only ${step.name}`,
      );
    }
    for (const kind of Object.keys(total)) total[kind] += counts[kind];
    const seconds = ((Date.now() - startedMs) / 1000).toFixed(1);
    const verdict = counts.failed > 0 ? 'FAILED' : 'ok';
    lines.push(`${step.title.padEnd(20)} ${verdict.padEnd(7)} ${textOf(counts)} (${seconds} s)`);
    say(lines.at(-1));
  }
  run.end();
  if (run.failures.length > 0) say(`\n=== Failed ===\n${run.failures.join('\n')}`);
  say(`\n=== Summary ===\n${lines.join('\n')}`);
  if (run.interrupted) say('interrupted: the rest did not run');
  if (
    process.env.SKIP_CLUSTER === '1' &&
    only.some((name) => ['integration', 'cluster'].includes(name))
  ) {
    say('\n*** SKIP_CLUSTER=1: the tests on real parts DID NOT RUN. ***');
  }
  process.stdout.write(`${textOf(total)}\n`);
  return total.failed > 0 || total.passed === 0 || run.interrupted ? 1 : 0;
}

function textOf({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

function readArguments(args) {
  const { values, tokens } = parseArgs({
    args,
    options: { only: { type: 'string', multiple: true }, help: { type: 'boolean' } },
    strict: false,
    tokens: true,
  });
  if (values.help) {
    process.stdout.write(help);
    process.exit(0);
  }
  const wanted = values.only?.flatMap((list) => String(list).split(',')) ?? names;
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    say(`unknown step ${unknown.join(', ')}; known: ${names.join(', ')}`);
    process.exit(2);
  }
  const own = new Set();
  for (const token of tokens) {
    if (token.kind !== 'option' || token.name !== 'only') continue;
    own.add(token.index);
    if (!token.inlineValue) own.add(token.index + 1);
  }
  return { only: wanted, rest: args.filter((_arg, index) => !own.has(index)) };
}
