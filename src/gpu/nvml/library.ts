import { existsSync } from 'node:fs';

import type koffiModule from 'koffi';
import type { LibraryHandle } from 'koffi';

import { messageOf } from '../../lib/errors.ts';
import { SourceError } from '../source.ts';
import { declarations, requiredFunctions } from './declarations.ts';
import type { FunctionName } from './declarations.ts';

/** What a driver function takes: a handle or a stamp (bigint), a number, a text, memory for results. */
export type Argument = bigint | number | string | Buffer;

/** The loaded driver library. */
export interface NvmlLibrary {
  /** False when this driver's library does not have the function. */
  has(name: FunctionName): boolean;
  /** Starts a call on another thread; `done` gets its return code on the main thread. Buffers among `args` stay alive until then. */
  start(name: FunctionName, args: readonly Argument[], done: (code: number) => void): void;
}

type AsyncFunction = (
  ...args: [...Argument[], (error: unknown, code: number) => void]
) => undefined;

/** Threads of calls get this much stack (koffi's default of 128 KiB is less than driver code may expect); only touched pages cost memory. */
const asyncStackBytes = 1024 * 1024;

const missingHint =
  'Install the NVIDIA driver; in a container, use the NVIDIA container toolkit (runtime class "nvidia") with capability "utility"; or name the file with --nvml.library.';

const soname = 'libnvidia-ml.so.1';

/**
 * Where the library lies when the system's search path does not lead to it: where the container toolkit mounts it (the host's
 * own folder, without ldconfig in an image or on a read-only root), WSL, GKE, the operator's driver container, Debian, NixOS.
 */
const usualPlaces = [
  '/usr/lib64',
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib/wsl/lib',
  '/usr/local/nvidia/lib64',
  '/home/kubernetes/bin/nvidia/lib64',
  '/run/nvidia/driver/usr/lib64',
  '/run/nvidia/driver/usr/lib/x86_64-linux-gnu',
  '/run/nvidia/driver/usr/lib/aarch64-linux-gnu',
  '/usr/lib/x86_64-linux-gnu/nvidia/current',
  '/run/opengl-driver/lib',
].map((folder) => `${folder}/${soname}`);

/**
 * Loads the driver library and looks up every function by itself, so that an absent one costs only what it would have read.
 * @throws {SourceError} library_missing
 */
export async function loadLibrary(path: string | undefined): Promise<NvmlLibrary> {
  const library = await openLibrary(path);
  const functions = new Map<FunctionName, AsyncFunction>();
  for (const name of Object.keys(declarations) as FunctionName[]) {
    try {
      functions.set(name, library.func(name, 'int', [...declarations[name]]).async);
    } catch {
      // koffi throws at the look-up of a function that the library does not have.
    }
  }
  const lacking = requiredFunctions.filter((name) => !functions.has(name));
  if (lacking.length > 0) {
    throw new SourceError(
      'library_missing',
      `${path ?? soname} does not have ${lacking.join(', ')}`,
      {
        hint: 'That file is not the NVIDIA driver library, or of a driver older than 418: check --nvml.library.',
      },
    );
  }
  return {
    has: (name) => functions.has(name),
    start: (name, args, done) => {
      const call = functions.get(name);
      if (call === undefined) throw new Error(`${name} is not in the library`);
      // The callback mentions args: that keeps their memory alive while the driver may still write into it.
      call(...args, (error, code) => done(error === null && args.length >= 0 ? code : 2));
    },
  };
}

async function openLibrary(path: string | undefined): Promise<LibraryHandle> {
  const koffi = await loadKoffi();
  const places = path === undefined ? [soname, ...usualPlaces.filter(existsSync)] : [path];
  let failure: unknown;
  for (const place of places) {
    try {
      return koffi.load(place);
    } catch (error) {
      // The first failure is the one to tell: it is about the library asked for.
      failure ??= error;
    }
  }
  const isThere = path !== undefined && existsSync(path);
  const message = `The NVIDIA driver library ${path ?? soname} cannot be loaded: ${messageOf(failure)}`;
  throw new SourceError('library_missing', message, {
    cause: failure,
    hint: isThere
      ? 'The file is there and is not a library for this machine: check --nvml.library.'
      : missingHint,
  });
}

async function loadKoffi(): Promise<typeof koffiModule> {
  try {
    const { default: koffi } = await import('koffi');
    koffi.config({ async_stack_size: asyncStackBytes, resident_async_pools: 4 });
    return koffi;
  } catch (error) {
    // Settings can only be made before the first library of the process; then they stand already.
    if (messageOf(error).includes('configuration once')) return (await import('koffi')).default;
    throw new SourceError(
      'library_missing',
      `Native libraries cannot be called on this platform: ${messageOf(error)}`,
      {
        cause: error,
        hint: 'Reinstall the packages without --omit=optional (koffi needs its native part), or choose --source nvidia-smi.',
      },
    );
  }
}
