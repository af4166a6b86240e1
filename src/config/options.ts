import type { ListenAddress, Mode } from './option-spec.ts';
import { attributionOptions } from './options/attribution.ts';
import { analyzeOptions } from './options/analyze.ts';
import { cleanupOptions } from './options/cleanup.ts';
import { cycleOptions } from './options/cycle.ts';
import { generalOptions } from './options/general.ts';
import { kubernetesOptions } from './options/kubernetes.ts';
import { observationOptions } from './options/observation.ts';
import { prometheusOptions } from './options/prometheus.ts';
import { sourceOptions } from './options/source.ts';

/**
 * THE table. Flags, environment variables, YAML keys, --help, docs/CONFIGURATION.md and the JSON Schema are made from it.
 * To add an option: an entry in the file of its group under options/, then `npm run generate`.
 */
export const options = {
  ...sourceOptions,
  ...observationOptions,
  ...attributionOptions,
  ...prometheusOptions,
  ...kubernetesOptions,
  ...cycleOptions,
  ...cleanupOptions,
  ...analyzeOptions,
  ...generalOptions,
} as const;

type Options = typeof options;
export type OptionName = keyof Options;

/** The options of a mode; for a union of modes: those that all of them have. */
export type OptionNameIn<M extends Mode> = {
  [Name in OptionName]: [M] extends [Options[Name]['modes'][number]] ? Name : never;
}[OptionName];

type Given<Spec> = Spec extends { type: 'boolean' }
  ? boolean
  : Spec extends { type: 'integer' | 'number' | 'duration' }
    ? number
    : Spec extends { type: 'enum'; values: readonly (infer Value)[] }
      ? Value
      : Spec extends { type: 'list'; values: readonly (infer Value)[] }
        ? readonly Value[]
        : Spec extends { type: 'list' }
          ? readonly string[]
          : Spec extends { type: 'address' }
            ? ListenAddress
            : string;

type Unset<Spec, M extends Mode> = Spec extends { computedDefault: string }
  ? never
  : Spec extends { requiredIn: readonly (infer Required)[] }
    ? [M] extends [Required]
      ? never
      : null
    : Spec extends { default: null }
      ? null
      : never;

/** Type of the value of an option in a mode. Durations are milliseconds; null: not set. */
export type OptionValue<Name extends OptionName, M extends Mode = Mode> =
  Given<Options[Name]> | Unset<Options[Name], M>;

/**
 * The settings of a mode, by the name of the option: `settings['web.listen-address'].port`. Frozen.
 * `Settings<'collector' | 'standalone'>` is what both have, for parts that serve both.
 */
export type Settings<M extends Mode> = {
  readonly [Name in OptionNameIn<M>]: OptionValue<Name, M>;
};
