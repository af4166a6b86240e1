/** The commands that take options. A collector and a standalone share most of theirs. */
export const modes = ['collector', 'controller', 'standalone', 'cleanup', 'analyze'] as const;
export type Mode = (typeof modes)[number];

/** Those that run until they are stopped and serve HTTP meanwhile. */
export const serverModes = ['collector', 'controller', 'standalone'] as const satisfies Mode[];
export type ServerMode = (typeof serverModes)[number];

/** Headings of --help and docs/CONFIGURATION.md, in this order. */
export const groups = [
  'General',
  'GPU source',
  'Sampling and analysis',
  'Attribution',
  'Metrics',
  'Web',
  'Prometheus',
  'Kubernetes',
  'Cycle',
  'Cleanup',
  'Recording',
  'Output',
] as const;
export type Group = (typeof groups)[number];

/** Where a value may be set; a default needs no place. */
export const places = ['flag', 'environment', 'file'] as const;
export type Place = (typeof places)[number];

interface SpecBase {
  /** What it does and when to change it: sentences for somebody who sees it for the first time. */
  readonly description: string;
  readonly group: Group;
  readonly modes: readonly Mode[];
  /** The value is never printed, not even in an error. */
  readonly secret?: true;
  /** Without it these commands refuse to start; `default` is then null, the value in them never. */
  readonly requiredIn?: readonly Mode[];
  /** What the flag may be called as well, without the dashes. */
  readonly flagAliases?: readonly string[];
  /** Default: all three. */
  readonly places?: readonly Place[];
  /** Setting it is refused unless the option `option` has one of these values. */
  readonly onlyWith?: { readonly option: string; readonly values: readonly (string | boolean)[] };
}

interface WithDefault<Text> {
  /** Written as a user would write it; null: unset unless given. */
  readonly default: Text | null;
  /** Where a mode differs from `default`. */
  readonly defaultIn?: Readonly<Partial<Record<Mode, Text>>>;
}

interface NumberSpec extends SpecBase, WithDefault<number> {
  readonly type: 'integer' | 'number';
  readonly min?: number;
  readonly max?: number;
}

/** Value: milliseconds. */
interface DurationSpec extends SpecBase, WithDefault<string> {
  readonly type: 'duration';
  readonly min?: string;
  readonly max?: string;
}

interface BooleanSpec extends SpecBase, WithDefault<boolean> {
  readonly type: 'boolean';
}

interface EnumSpec extends SpecBase, WithDefault<string> {
  readonly type: 'enum';
  readonly values: readonly string[];
}

/** Repeatable as a flag; items also parted by commas, or by line ends where items may hold commas (`itemsPerLine`). */
interface ListSpec extends SpecBase, WithDefault<readonly string[]> {
  readonly type: 'list';
  readonly values?: readonly string[];
  readonly itemsPerLine?: true;
  /** Takes the arguments without a flag; at most one option of a command. */
  readonly positional?: true;
  /** Form of one item, as a regular expression, with words for it. */
  readonly item?: { readonly pattern: string; readonly form: string };
}

/** `hostname` as default: the name of the machine the process runs on. */
interface StringSpec extends SpecBase, WithDefault<string> {
  readonly type: 'string' | 'url' | 'file';
  readonly computedDefault?: 'hostname';
  readonly pattern?: { readonly pattern: string; readonly form: string };
}

/** HOST:PORT; value: ListenAddress. */
interface AddressSpec extends SpecBase, WithDefault<string> {
  readonly type: 'address';
}

export type OptionSpec =
  NumberSpec | DurationSpec | BooleanSpec | EnumSpec | ListSpec | StringSpec | AddressSpec;

export type OptionTable = Readonly<Record<string, OptionSpec>>;

/** Where to listen. `host` null: on all addresses of the machine. Port 0: any free port. */
export interface ListenAddress {
  readonly host: string | null;
  readonly port: number;
}
