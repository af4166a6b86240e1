import { options, type OptionName } from './options.ts';
import { places, type Mode, type OptionSpec, type Place } from './option-spec.ts';

/** Names of the table, in its order. */
export const optionNames = Object.keys(options) as readonly OptionName[];

export function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(options, name);
}

/** The entry of the table, with its type widened to what all entries share. */
export function specOf(name: OptionName): OptionSpec {
  return options[name];
}

export function optionNamesIn(mode: Mode): readonly OptionName[] {
  return optionNames.filter((name) => specOf(name).modes.includes(mode));
}

export function placesOf(name: OptionName): readonly Place[] {
  return specOf(name).places ?? places;
}

export const environmentPrefix = 'GPU_PROFILER_';

/** `web.listen-address` → `--web.listen-address`. */
export function flagOf(name: OptionName): string {
  return `--${name}`;
}

/** `web.listen-address` → `GPU_PROFILER_WEB_LISTEN_ADDRESS`. */
export function environmentNameOf(name: OptionName): string {
  return environmentPrefix + name.replaceAll(/[.-]/g, '_').toUpperCase();
}

/** `web.listen-address` → `['web', 'listen-address']`: the keys of the file, outermost first. */
export function filePathOf(name: OptionName): readonly string[] {
  return name.split('.');
}

/** The default as a user would write it, null where there is none. */
export function defaultIn(
  name: OptionName,
  mode: Mode,
): string | number | boolean | readonly string[] | null {
  const spec = specOf(name);
  return spec.defaultIn?.[mode] ?? spec.default;
}
