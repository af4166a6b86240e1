import type { Version } from '../version.ts';
import type { Way } from '../way.ts';

export interface Part {
  /** Environment variable with the path of the executable; it wins over everything. */
  readonly variable: string;
  /** Environment variable with a folder that may hold the executable under the part's name. */
  readonly folderVariable?: 'KUBEBUILDER_ASSETS';
  /** The names it goes by on PATH. */
  readonly commands: readonly string[];
  /** What it must be able to do to be taken from PATH. */
  readonly check: VersionCheck | CompileCheck;
  /** How it is made, first choice first. */
  readonly ways: readonly Way[];
  /** What a person can do when no way is open. */
  readonly advice: string;
}

export interface VersionCheck {
  readonly kind: 'version';
  readonly args: readonly string[];
  readonly pattern: RegExp;
  readonly minimum: Version;
}

/** It compiles a shared library against the C library's headers. */
export interface CompileCheck {
  readonly kind: 'compile';
}

/** What to install where a part has to be built. */
export const goAdvice = 'Go 1.21 or newer (https://go.dev/dl)';
