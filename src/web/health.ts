import { jsonResponse, type Route } from './route.ts';

/** Why a process is not alive or not ready: a code for machines, words for people. */
export interface HealthProblem {
  readonly code: string;
  readonly detail: string;
}

export interface HealthChecks {
  /** What only a restart heals. */
  readonly live: () => readonly HealthProblem[];
  /** What keeps it from doing its work now. */
  readonly ready: () => readonly HealthProblem[];
}

/** `/healthz` and `/readyz`: 200 or 503, with the reasons as JSON `{"ok": boolean, "problems": [{"code", "detail"}]}`. */
export function healthRoutes(checks: HealthChecks): readonly Route[] {
  const route = (
    path: string,
    description: string,
    check: () => readonly HealthProblem[],
  ): Route => ({
    path,
    description,
    handle: () => {
      const problems = check();
      const ok = problems.length === 0;
      return jsonResponse(ok ? 200 : 503, { ok, problems });
    },
  });
  return [
    route('/healthz', 'whether the process is alive; 503 when only a restart helps', checks.live),
    route('/readyz', 'whether it does its work; 503 with the reasons when not', checks.ready),
  ];
}
