/** Separates label values in a place; no label value of Prometheus holds it in practice. */
const separator = '\u0001';

/** The values of the labels that may name a node, in the configured order, as one text: equal texts map to equal nodes. */
export function placeOf(
  labels: Readonly<Record<string, string>>,
  nodeLabels: readonly string[],
): string {
  return nodeLabels.map((name) => labels[name] ?? '').join(separator);
}

/** A place for people: `node=a, instance=b:9400`. */
export function placeText(place: string, nodeLabels: readonly string[]): string {
  const values = place.split(separator);
  const shown = nodeLabels.flatMap((name, at) => (values[at] ? [`${name}=${values[at]}`] : []));
  return shown.length === 0 ? `none of ${nodeLabels.join(', ')}` : shown.join(', ');
}

/**
 * Finds the node that a series is about. The labels are tried in their order, and for each: the value as it is, without a port,
 * by the first part of a host name where that is unambiguous, by address.
 */
export class NodeMapping {
  readonly #exact: ReadonlyMap<string, string>;
  /** First part of the host name → node; null where several nodes share it. */
  readonly #short = new Map<string, string | null>();
  readonly #addresses: ReadonlyMap<string, string>;
  readonly #known = new Map<string, string | null>();

  /** `addresses`: IP address (no port) → node, where the caller knows it. */
  constructor(nodeNames: readonly string[], addresses: ReadonlyMap<string, string> = new Map()) {
    this.#exact = new Map(nodeNames.map((name) => [name.toLowerCase(), name]));
    this.#addresses = addresses;
    for (const name of nodeNames) {
      const short = shortName(name.toLowerCase());
      this.#short.set(short, this.#short.has(short) ? null : name);
    }
  }

  /** The node of a place (see placeOf), or null. */
  find(place: string): string | null {
    let node = this.#known.get(place);
    if (node === undefined) {
      node = this.#search(place);
      this.#known.set(place, node);
    }
    return node;
  }

  #search(place: string): string | null {
    for (const value of place.split(separator)) {
      if (value === '') continue;
      const host = withoutPort(value.toLowerCase());
      const node =
        this.#exact.get(value.toLowerCase()) ??
        this.#exact.get(host) ??
        this.#addresses.get(host) ??
        this.#byShortName(host);
      if (node !== null) return node;
    }
    return null;
  }

  /** `gpu-1` means the node `gpu-1.example.com` and the other way round, but `gpu-1.a` never means `gpu-1.b`. */
  #byShortName(host: string): string | null {
    if (isAddress(host)) return null;
    const node = this.#short.get(shortName(host)) ?? null;
    if (node === null || (host.includes('.') && node.includes('.'))) return null;
    return node;
  }
}

function shortName(host: string): string {
  return isAddress(host) ? host : (host.split('.', 1)[0] ?? host);
}

function isAddress(host: string): boolean {
  return /^\d+(?:\.\d+){3}$/.test(host) || host.includes(':');
}

/** `host:9400` → `host`, `[fe80::1]:9400` → `fe80::1`; a bare IPv6 address stays. */
function withoutPort(value: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(value);
  if (bracketed?.[1] !== undefined) return bracketed[1];
  return /^[^:]+:\d+$/.test(value) ? value.slice(0, value.lastIndexOf(':')) : value;
}
