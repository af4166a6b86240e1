import { textResponse, type Route, type WebResponse } from './route.ts';

/** Finds the route of a path. */
export class Router {
  readonly #routes = new Map<string, Route>();

  /** A path that is there already is replaced. */
  add(route: Route): void {
    this.#routes.set(route.path, route);
  }

  find(path: string): Route | undefined {
    return this.#routes.get(path);
  }

  /** The listed paths with their descriptions, for people. */
  list(): string {
    const listed = [...this.#routes.values()].filter(({ description }) => description !== '');
    const width = Math.max(0, ...listed.map(({ path }) => path.length));
    return listed
      .map(({ path, description }) => `  ${path.padEnd(width)}  ${description}\n`)
      .join('');
  }

  /** What is said where there is no route: the list of paths, at `/` as a greeting. */
  withoutRoute(path: string): WebResponse {
    if (path === '/') return textResponse(200, `gpu-profiler\n\n${this.list()}`);
    return textResponse(404, `There is no ${path} here. There is:\n${this.list()}`);
  }
}
