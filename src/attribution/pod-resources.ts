import { createBackoff, type Backoff } from '../lib/backoff.ts';
import type { Clock } from '../lib/clock.ts';
import { every } from '../lib/every.ts';
import type { Logger } from '../lib/logger.ts';
import { namePatterns } from '../lib/name-patterns.ts';
import type { HeldDevice } from './held-device.ts';
import { listPodResources } from './kubelet/list-pod-resources.ts';
import { PodResourcesError, type PodResourcesProblem } from './pod-resources-error.ts';

export interface PodResourcesOptions {
  /** The kubelet's pod-resources/kubelet.sock. */
  readonly socket: string;
  readonly intervalMs: number;
  /** Names of resources and of drivers of claims, with `*`. */
  readonly resources: readonly string[];
  readonly clock: Clock;
  readonly log: Logger;
  /** Default 5 s. */
  readonly deadlineMs?: number;
  /** How long an answer counts while no newer one can be had. Default 3 min, at least three intervals. */
  readonly keepMs?: number;
  /** Uniform in [0, 1). */
  readonly random?: () => number;
}

/** How the last try went; `off`: nobody asks; `starting`: not tried to the end yet. */
export type PodResourcesStatus =
  | { readonly up: true; readonly ageMs: number }
  | {
      readonly up: false;
      readonly reason: PodResourcesProblem | 'off' | 'starting';
      /** Of the last answer, while it still counts; null: none. */
      readonly ageMs: number | null;
    };

const keepMinMs = 180_000;
const firstRetryMs = 1_000;
const lastRetryMinMs = 30_000;
/** A machine without a kubelet seldom gets one. */
const noKubeletRetryMs = 60_000;
/** The kubelet is asked at intervals of 0.9 to 1.1 of what is set. */
const jitter = 0.1;

/** Asks the kubelet again and again which container holds which device, and keeps its last answer for a while. */
export class PodResources {
  readonly #options: PodResourcesOptions;
  readonly #wants: (resource: string) => boolean;
  readonly #random: () => number;
  readonly #keepMs: number;
  readonly #backoff: Backoff;
  #problem: PodResourcesProblem | 'starting' | null = 'starting';
  #hasTried = false;
  #answer: { readonly held: readonly HeldDevice[]; readonly atMs: number } | null = null;

  constructor(options: PodResourcesOptions) {
    const { intervalMs, random = Math.random } = options;
    this.#options = options;
    this.#random = random;
    this.#wants = namePatterns(options.resources);
    this.#keepMs = options.keepMs ?? Math.max(keepMinMs, 3 * intervalMs);
    this.#backoff = createBackoff({
      baseMs: firstRetryMs,
      capMs: Math.max(lastRetryMinMs, intervalMs),
      random,
    });
  }

  /** Until `signal` aborts. Nothing is thrown: how it fares is in `status`. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#options;
    await every({
      clock,
      signal,
      // Not before whoever starts it has said that it is started.
      immediately: false,
      nextDelayMs: () => this.#nextDelayMs(),
      run: () => this.#refresh(signal),
      onError: (error) => log.error({ err: error }, 'pod resources failed'),
    });
  }

  /** What the kubelet said last; null: nothing that still counts. The same array as long as there is no newer answer. */
  held(): readonly HeldDevice[] | null {
    return this.#ageMs() === null ? null : (this.#answer?.held ?? null);
  }

  status(): PodResourcesStatus {
    const ageMs = this.#ageMs();
    if (this.#problem !== null) return { up: false, reason: this.#problem, ageMs };
    // The loop stands still (it does not, but an old answer must never be shown as a fresh one).
    return ageMs === null ? { up: false, reason: 'timeout', ageMs } : { up: true, ageMs };
  }

  #ageMs(): number | null {
    if (this.#answer === null) return null;
    const ageMs = this.#options.clock.monotonicMs() - this.#answer.atMs;
    return ageMs > this.#keepMs ? null : ageMs;
  }

  #nextDelayMs(): number {
    const { intervalMs } = this.#options;
    if (!this.#hasTried) return 0;
    if (this.#problem === 'no_kubelet') return Math.max(noKubeletRetryMs, intervalMs);
    if (this.#problem !== null) return this.#backoff.nextMs();
    return intervalMs * (1 - jitter + 2 * jitter * this.#random());
  }

  async #refresh(signal: AbortSignal): Promise<void> {
    const { socket, clock, deadlineMs = 5_000 } = this.#options;
    const atMs = clock.monotonicMs();
    this.#hasTried = true;
    try {
      const held = await listPodResources({ socket, wants: this.#wants, deadlineMs, signal });
      this.#answer = { held, atMs };
      this.#succeeded(held.length);
    } catch (error) {
      if (!(error instanceof PodResourcesError)) throw error;
      this.#failed(error);
    }
  }

  #succeeded(devices: number): void {
    const { socket, log } = this.#options;
    this.#backoff.reset();
    if (this.#problem !== null) log.info({ socket, devices }, 'kubelet tells who holds devices');
    this.#problem = null;
  }

  #failed(error: PodResourcesError): void {
    const { log } = this.#options;
    const isNews = this.#problem !== error.code;
    this.#problem = error.code;
    const fields = { err: error, hint: error.hint };
    if (!isNews) log.debug(fields, 'kubelet does not tell who holds devices, still');
    // A machine without a kubelet is nothing to worry about.
    else if (error.code === 'no_kubelet') log.info(fields, 'no kubelet: pods are not shown');
    else log.warn(fields, 'kubelet does not tell who holds devices');
  }
}
