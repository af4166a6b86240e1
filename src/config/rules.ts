import { isDeepStrictEqual } from 'node:util';
import { defaultIn, flagOf, optionNamesIn, specOf } from './names.ts';
import type { Mode } from './option-spec.ts';
import type { OptionName, OptionValue } from './options.ts';
import { describeOrigin, strengthOf, type Origin } from './origin.ts';
import type { Problem } from './problem.ts';
import { parseValue, type ParsedValue } from './value.ts';

/** Values of the mode at hand; those of other modes are absent. */
type Values = { readonly [Name in OptionName]?: OptionValue<Name> };

interface Rule {
  /** Named in the message with their origins; the rule is asked only where the mode has all of them. */
  readonly options: readonly OptionName[];
  readonly modes?: readonly Mode[];
  /** True when the combination cannot be meant. `isGiven`: set by the user, not by default. */
  readonly broken: (values: Values, isGiven: (name: OptionName) => boolean) => boolean;
  readonly message: string;
  readonly hint: string;
}

const tlsOptions = ['prometheus.ca-file', 'prometheus.cert-file', 'prometheus.key-file'] as const;
const simulatedOptions = ['simulated.gpus', 'simulated.workloads', 'simulated.seed'] as const;

/** Combinations that cannot be meant, beyond `onlyWith` of the table. */
const rules: readonly Rule[] = [
  {
    options: ['source', 'dcgm.url'],
    broken: (values) => values.source === 'dcgm' && values['dcgm.url'] === null,
    message: 'source dcgm needs dcgm.url',
    hint: 'Add --dcgm.url http://127.0.0.1:9400/metrics, the address of the dcgm-exporter on this node.',
  },
  {
    options: ['source', 'replay.files'],
    broken: (values) => values.source === 'replay' && (values['replay.files'] ?? []).length === 0,
    message: 'source replay needs replay.files',
    hint: "Add --replay.files 'recordings/*.csv'.",
  },
  {
    options: ['files', 'prometheus.url'],
    broken: (values) => (values.files ?? []).length === 0 && values['prometheus.url'] === null,
    message: 'there is nothing to analyse: no file, and no prometheus.url',
    hint: 'Such as: gpu-profiler analyze gpu.csv, or --prometheus.url http://localhost:9090 --node NAME.',
  },
  {
    options: ['prometheus.url'],
    broken: (values) => /[?#]/.test(values['prometheus.url'] ?? ''),
    message: 'prometheus.url holds a query (?…) or a fragment (#…), which requests would lose',
    hint: 'Give the address up to the base path, http://host/prometheus; what each request must carry goes into prometheus.headers.',
  },
  {
    options: ['prometheus.url', 'node'],
    broken: (values) => (values['prometheus.url'] === null) !== (values.node === null),
    message: 'prometheus.url and node belong together, and only one is set',
    hint: 'Prometheus is asked about one node: give both, or files instead.',
  },
  ...simulatedOptions.map((option): Rule => ({
    options: ['source', option],
    modes: ['collector'],
    broken: (values, isGiven) => values.source === 'auto' && isGiven(option),
    message: `${option} has no effect with source auto: a collector simulates only when told to`,
    hint: 'Add --source simulated.',
  })),
  {
    options: ['sampling.history', 'metrics.window'],
    broken: (values) => (values['metrics.window'] ?? 0) > (values['sampling.history'] ?? Infinity),
    message: 'metrics.window is longer than sampling.history, so there would be no samples for it',
    hint: 'Shorten metrics.window or lengthen sampling.history.',
  },
  {
    options: ['prometheus.cert-file', 'prometheus.key-file'],
    broken: (values) =>
      (values['prometheus.cert-file'] === null) !== (values['prometheus.key-file'] === null),
    message: 'prometheus.cert-file and prometheus.key-file belong together, and only one is set',
    hint: 'A client certificate needs both: set the other one too, or neither.',
  },
  {
    options: ['prometheus.ca-file', 'prometheus.insecure-skip-verify'],
    broken: (values) =>
      values['prometheus.ca-file'] !== null && values['prometheus.insecure-skip-verify'] === true,
    message: 'prometheus.ca-file has no effect with prometheus.insecure-skip-verify',
    hint: 'Keep the authorities and drop prometheus.insecure-skip-verify.',
  },
  ...[...tlsOptions, 'prometheus.insecure-skip-verify' as const].map((option): Rule => ({
    options: ['prometheus.url', option],
    broken: (values, isGiven) =>
      isGiven(option) && values[option] !== false && /^http:/i.test(values['prometheus.url'] ?? ''),
    message: `${option} has no effect on a URL that starts with http://`,
    hint: 'Write the URL with https://, or drop the option.',
  })),
  {
    options: ['prometheus.bearer-token-file', 'prometheus.basic-auth.username'],
    broken: (values) =>
      values['prometheus.bearer-token-file'] !== null &&
      values['prometheus.basic-auth.username'] !== null,
    message: 'a bearer token and basic authentication cannot be used at the same time',
    hint: 'Keep one of prometheus.bearer-token-file and prometheus.basic-auth.',
  },
  {
    options: ['prometheus.basic-auth.username', 'prometheus.basic-auth.password-file'],
    broken: (values) =>
      (values['prometheus.basic-auth.username'] === null) !==
      (values['prometheus.basic-auth.password-file'] === null),
    message:
      'prometheus.basic-auth.username and prometheus.basic-auth.password-file belong together, and only one is set',
    hint: 'Set the other one too, or neither.',
  },
  ...(['prometheus.bearer-token-file', 'prometheus.basic-auth.username'] as const).map(
    (option): Rule => ({
      options: ['prometheus.headers', option],
      broken: (values) =>
        values[option] !== null &&
        (values['prometheus.headers'] ?? []).some((header) => /^authorization=/i.test(header)),
      message: `prometheus.headers has an Authorization of its own beside ${option}`,
      hint: 'Keep one of the two.',
    }),
  ),
  {
    options: ['lease.duration', 'lease.renew-deadline'],
    broken: (values) =>
      (values['lease.renew-deadline'] ?? 0) >= (values['lease.duration'] ?? Infinity),
    message:
      'lease.renew-deadline is not shorter than lease.duration, so two leaders could write at once',
    hint: 'Usual: lease.duration 15s, lease.renew-deadline 10s, lease.retry-period 2s.',
  },
  {
    options: ['lease.renew-deadline', 'lease.retry-period'],
    broken: (values) =>
      (values['lease.retry-period'] ?? 0) >= (values['lease.renew-deadline'] ?? Infinity),
    message:
      'lease.retry-period is not shorter than lease.renew-deadline, so a single failed renewal would end the leadership',
    hint: 'Usual: lease.duration 15s, lease.renew-deadline 10s, lease.retry-period 2s.',
  },
  {
    options: ['interval', 'ttl'],
    broken: (values) => (values.ttl ?? Infinity) < (values.interval ?? 0),
    message: 'ttl is shorter than interval, so annotations would run out between two cycles',
    hint: 'Several intervals are usual: interval 30s, ttl 15m.',
  },
];

/** What is wrong with a combination of values, each of which is right by itself. */
export function brokenRules(
  mode: Mode,
  values: ReadonlyMap<OptionName, ParsedValue | null>,
  origins: ReadonlyMap<OptionName, Origin>,
): readonly Problem[] {
  const all = Object.fromEntries(values) as Values;
  const isGiven = (name: OptionName): boolean => isMeant(name, mode, values, origins);
  const found = withoutEffect(mode, values, origins);
  for (const { options, modes, broken, message, hint } of rules) {
    const applies = (modes?.includes(mode) ?? true) && options.every((name) => values.has(name));
    if (!applies || !broken(all, isGiven)) continue;
    const given = givenBy(options, all, origins);
    found.push({ message: given === '' ? message : `${message} (${given})`, hint });
  }
  return found;
}

/**
 * Options that are set but have no effect by `onlyWith`. Refused unless the other option was set at a stronger place:
 * `--source simulated` on a command line is meant to win over a file made for another source.
 */
function withoutEffect(
  mode: Mode,
  values: ReadonlyMap<OptionName, ParsedValue | null>,
  origins: ReadonlyMap<OptionName, Origin>,
): Problem[] {
  const problems: Problem[] = [];
  for (const name of optionNamesIn(mode)) {
    const { onlyWith } = specOf(name);
    const own = origins.get(name) ?? { kind: 'default' };
    if (onlyWith === undefined || !isMeant(name, mode, values, origins)) continue;
    const other = onlyWith.option as OptionName;
    const value = values.get(other);
    const othersOrigin = origins.get(other) ?? { kind: 'default' };
    if (onlyWith.values.some((allowed) => allowed === value)) continue;
    if (strengthOf(othersOrigin) > strengthOf(own)) continue;
    problems.push({
      message: `${name} (from ${describeOrigin(own)}) has no effect with ${other} ${JSON.stringify(value)} (from ${describeOrigin(othersOrigin)})`,
      hint: `Drop it, or set ${flagOf(other)} to ${onlyWith.values.join(' or ')}.`,
    });
  }
  return problems;
}

/** Set by the user. A file may spell out defaults, as that of --print-config does, without meaning anything by it. */
function isMeant(
  name: OptionName,
  mode: Mode,
  values: ReadonlyMap<OptionName, ParsedValue | null>,
  origins: ReadonlyMap<OptionName, Origin>,
): boolean {
  const kind = origins.get(name)?.kind ?? 'default';
  if (kind !== 'file') return kind !== 'default';
  const normal = parseValue(specOf(name), defaultIn(name, mode));
  return !normal.ok || !isDeepStrictEqual(normal.value, values.get(name));
}

/** Where the values of a rule come from; empty where nobody gave any. A value that is not set comes from nowhere. */
function givenBy(
  names: readonly OptionName[],
  values: Values,
  origins: ReadonlyMap<OptionName, Origin>,
): string {
  const isThere = (name: OptionName): boolean => {
    const value = values[name] ?? null;
    return value !== null && !(Array.isArray(value) && value.length === 0);
  };
  return names
    .filter(isThere)
    .map((name) => `${name} from ${describeOrigin(origins.get(name) ?? { kind: 'default' })}`)
    .join(', ');
}
