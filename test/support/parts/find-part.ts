import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from '../../../scripts/setup/lock.mjs';
import { CodedError, messageOf } from '../../../src/lib/errors.ts';
import { partsCache } from './cache.ts';
import { parts, type PartName } from './catalogue.ts';
import { locatePart } from './locate.ts';
import type { Say } from './way.ts';

export interface PartFailure {
  readonly name: PartName;
  readonly error: unknown;
}

const found = new Map<PartName, Promise<string>>();

/**
 * The path of a part's executable: found, or made when it is nowhere (minutes, for some; told on stderr).
 * Throws a CodedError that names the part, everything that was tried, and what to install.
 */
export function findPart(name: PartName): Promise<string> {
  const earlier = found.get(name);
  if (earlier !== undefined) return earlier;
  const search = findOrMake(name, (line) => process.stderr.write(`${line}\n`));
  found.set(name, search);
  return search;
}

/** Finds or makes several parts, one after the other. Failures do not stop it: they are returned. */
export async function ensureParts(
  names: readonly PartName[],
  onProgress: Say,
): Promise<PartFailure[]> {
  const failures: PartFailure[] = [];
  for (const name of names) {
    try {
      await findOrMake(name, onProgress);
    } catch (error) {
      failures.push({ name, error });
      onProgress(`${name}: not to be had. ${messageOf(error)}`);
    }
  }
  return failures;
}

async function findOrMake(name: PartName, say: Say): Promise<string> {
  const location = await locatePart(name);
  if (location.path !== undefined) return location.path;
  const known = knownFailure(name);
  if (known !== undefined) throw missingPart(name, known);
  const onWait = (pid: number): void => {
    say(`${name}: waiting for process ${pid}, which is making a part …`);
  };
  // One lock for all parts: two builds at once take longer than one after the other.
  return withLock(join(partsCache(), '.lock'), { onWait }, async () => {
    const again = await locatePart(name);
    return again.path ?? make(name, [...again.passedOver], say);
  });
}

async function make(name: PartName, reasons: string[], say: Say): Promise<string> {
  for (const way of parts[name].ways) {
    say(`${name}: ${way.label} (usually ${way.usually}) …`);
    const startedMs = Date.now();
    const seconds = (): number => Math.round((Date.now() - startedMs) / 1000);
    const stillRunning = setInterval(
      () => say(`${name}: still ${way.label}, ${seconds()} s`),
      20_000,
    );
    try {
      const path = await way.make(say);
      say(`${name}: ready after ${seconds()} s`);
      return path;
    } catch (error) {
      const reason = messageOf(error);
      say(`${name}: ${way.label} did not work: ${reason.split('\n')[0]}`);
      reasons.push(`${way.label}: ${reason}`);
    } finally {
      clearInterval(stillRunning);
    }
  }
  throw missingPart(name, reasons.join('\n'));
}

function missingPart(name: PartName, reasons: string): CodedError {
  const tried = reasons.replaceAll('\n', '\n  ');
  const nextStep = `Next step: ${parts[name].advice}.`;
  const message = `${name} was not found and could not be made.\n  ${tried}\n${nextStep}`;
  return new CodedError('part-missing', message, { hint: nextStep });
}

/** What an earlier step of the same test run could not make is not tried again by each test file. */
function knownFailure(name: PartName): string | undefined {
  const file = process.env['GPU_PROFILER_PART_FAILURES'];
  if (file === undefined) return undefined;
  try {
    const failures = JSON.parse(readFileSync(file, 'utf8')) as Partial<Record<PartName, string>>;
    return failures[name];
  } catch {
    return undefined;
  }
}
