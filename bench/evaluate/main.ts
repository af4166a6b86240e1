/** Entry of `npm run evaluate`; arguments.ts says what it takes. */
import { parseArguments, usage, type EvaluateArguments } from './arguments.ts';
import { evaluateFolder, evaluateSynthetic } from './evaluate.ts';
import { progressTo } from './progress.ts';
import { missesAsText, rowsAsJson, rowsAsText } from './rows/print.ts';
import { weakCellsAsText } from './synthetic/weak-cells.ts';

async function main(given: EvaluateArguments): Promise<void> {
  const options = { cost: given.cost, onProgress: progressTo(process.stderr) };
  const { rows, scores } =
    given.folder === null
      ? await evaluateSynthetic(given.seed, given.effort, options)
      : await evaluateFolder(given.folder, options);
  if (given.json) {
    process.stdout.write(rowsAsJson(rows));
    return;
  }
  process.stdout.write(rowsAsText(rows));
  if (given.details) process.stdout.write(missesAsText(scores.misses) + weakCellsAsText(scores));
}

const argv = process.argv.slice(2);
try {
  if (argv.includes('--help')) process.stdout.write(usage);
  else await main(parseArguments(argv));
} catch (error) {
  process.stderr.write(`evaluate: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
