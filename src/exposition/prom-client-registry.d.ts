/** The registry by itself: the package's main file also loads what collects Node's own metrics and much more, 14 MiB of memory. */
declare module 'prom-client/lib/registry.js' {
  import type { Registry } from 'prom-client';
  const registry: typeof Registry;
  export default registry;
}
