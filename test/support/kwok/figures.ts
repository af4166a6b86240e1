import { usageOf } from './process-usage.ts';

/** What a test has measured, printed at its end. */
export class Figures {
  readonly #title: string;
  readonly #lines: string[] = [];

  constructor(title: string) {
    this.#title = title;
  }

  /** Notes how long something took. */
  async time<Result>(what: string, act: () => Promise<Result>): Promise<Result> {
    const startedMs = performance.now();
    const result = await act();
    this.note(what, `${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
    return result;
  }

  note(what: string, value: string): void {
    this.#lines.push(`  ${what}: ${value}`);
  }

  /** Notes what a process has used so far. */
  async noteProcess(what: string, pid: number): Promise<void> {
    const { cpuSeconds, residentPeakMiB } = await usageOf(pid);
    this.note(what, `${cpuSeconds.toFixed(0)} s CPU, at most ${Math.round(residentPeakMiB)} MiB`);
  }

  print(): void {
    process.stderr.write(`\n${this.#title}:\n${this.#lines.join('\n')}\n`);
  }
}
