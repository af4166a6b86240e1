import { parseArgs } from 'node:util';

export interface EvaluateArguments {
  /** Folder with series/*.csv and labels.csv; null: synthetic series. */
  readonly folder: string | null;
  readonly seed: number;
  readonly json: boolean;
  /** Print each wrong answer. */
  readonly details: boolean;
  /** Share of the full number of synthetic series. */
  readonly effort: number;
  /** Measure processor time too, which is seconds of work of its own. */
  readonly cost: boolean;
}

export const usage = `Usage: npm run evaluate -- DIR [--json] [--details]
       npm run evaluate -- --synthetic [--seed N] [--json] [--details]

How right the analysis is, beside the rule of Alnair's profiler on the same series, with 95 % intervals and targets.

  DIR           a folder with series/*.csv (t_s and any of util_gpu, util_mem, mem_used_mib, power_w) and labels.csv;
                columns, labels and labels.csv itself may be missing: what a row cannot use is counted as skipped
  --synthetic   series without a period (13 families, 2 grey ones), cycles (6 shapes, 8 conditions), and cycles too fast
                for their sampling
  --seed N      of the synthetic series, default 1; the same seed gives the same figures
  --effort X    share of the full number of synthetic series, default 1 (0.05 for a first look)
  --details     print each wrong answer, and the weakest cells of the synthetic cycles
  --no-cost     leave out the processor time
  --json        print {"rows": […]} and nothing else
`;

/** @throws {Error} with the usage, for people */
export function parseArguments(argv: readonly string[]): EvaluateArguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        synthetic: { type: 'boolean', default: false },
        seed: { type: 'string', default: '1' },
        effort: { type: 'string', default: '1' },
        details: { type: 'boolean', default: false },
        'no-cost': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const [folder, ...more] = positionals;
    if (more.length > 0) throw new Error(`one folder, please, not also ${more.join(', ')}`);
    if (values.synthetic === (folder !== undefined)) {
      throw new Error('give either a folder or --synthetic');
    }
    return {
      folder: folder ?? null,
      seed: integer('--seed', values.seed),
      effort: positive('--effort', values.effort),
      json: values.json,
      details: values.details,
      cost: !values['no-cost'],
    };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`, {
      cause: error,
    });
  }
}

function integer(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value)) return value;
  throw new Error(`${flag}: "${text}" is not a whole number`);
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new Error(`${flag}: "${text}" is not a number above 0`);
}
