import { accessBlockedHint, SourceError } from '../source.ts';
import type { MissingReason } from '../source.ts';

/** Return codes of the driver library that decide something here (nvmlReturn_t of the public header). */
export const codes = {
  ok: 0,
  uninitialised: 1,
  invalidArgument: 2,
  notSupported: 3,
  noPermission: 4,
  notFound: 6,
  insufficientSize: 7,
  driverNotLoaded: 9,
  timeout: 10,
  libraryNotFound: 12,
  functionNotFound: 13,
  gpuLost: 15,
  resetRequired: 16,
  operatingSystem: 17,
  versionMismatch: 18,
  noData: 21,
  argumentVersionMismatch: 25,
  deprecated: 26,
  notReady: 27,
  gpuNotFound: 28,
  unknown: 999,
} as const;

const names = new Map<number, string>(Object.entries(codes).map(([name, code]) => [code, name]));

/** `15 (gpuLost)`, or only the number of a code without a name here. */
export function describeCode(code: number): string {
  const name = names.get(code);
  return name === undefined ? String(code) : `${code} (${name})`;
}

const reasons = new Map<number, MissingReason>([
  [codes.notSupported, 'not_supported'],
  [codes.argumentVersionMismatch, 'not_supported'],
  [codes.noPermission, 'no_permission'],
  [codes.functionNotFound, 'function_not_found'],
  [codes.deprecated, 'deprecated'],
  [codes.notFound, 'not_available'],
  [codes.noData, 'not_available'],
  [codes.notReady, 'not_available'],
  [codes.timeout, 'not_available'],
]);

/** Why a reading is absent after this code. */
export function missingReasonOf(code: number): MissingReason {
  return reasons.get(code) ?? 'unknown_error';
}

const lasting = new Set<number>([
  codes.notSupported,
  codes.functionNotFound,
  codes.deprecated,
  codes.argumentVersionMismatch,
]);

/** True where asking the same device again cannot bring another answer, so that the call is spared from then on. */
export function isLasting(code: number): boolean {
  return lasting.has(code);
}

const wholeSource = new Set<number>([
  codes.uninitialised,
  codes.driverNotLoaded,
  codes.versionMismatch,
  codes.gpuNotFound,
]);

/** True where the code speaks of the library or the driver as a whole: close, then open again with back-off. */
export function concernsWholeSource(code: number): boolean {
  return wholeSource.has(code);
}

/** The error of the whole source for a code that `call` returned. `fatal`: only a new process or container helps. */
export function sourceErrorOf(code: number, call: string): SourceError {
  const what = `${call} returned ${describeCode(code)}`;
  switch (code) {
    case codes.driverNotLoaded:
      return new SourceError('driver_not_loaded', `The NVIDIA driver is not loaded: ${what}`, {
        hint: 'Load the nvidia kernel module on this node (nvidia-smi must work there); it is tried again by itself.',
      });
    case codes.versionMismatch:
      return new SourceError(
        'version_mismatch',
        `The driver and its library are of different versions: ${what}`,
        {
          hint: 'The driver was replaced while this process ran: restart the process or the container, so that it gets the new library.',
          fatal: true,
        },
      );
    case codes.noPermission:
      return new SourceError('no_permission', `The driver refuses this user: ${what}`, {
        hint: 'Let this user open /dev/nvidiactl and /dev/nvidia*; in a container, use the NVIDIA runtime with capability "utility".',
      });
    case codes.operatingSystem:
      return new SourceError(
        'access_blocked',
        `GPU access is blocked by the operating system: ${what}`,
        { hint: accessBlockedHint },
      );
    case codes.libraryNotFound:
      return new SourceError(
        'library_missing',
        `A library of the NVIDIA driver is missing: ${what}`,
        {
          hint: 'Install the complete NVIDIA driver, or use the NVIDIA container toolkit with capability "utility".',
        },
      );
    default:
      return new SourceError('driver_error', `The driver library failed: ${what}`, {
        hint: 'See whether nvidia-smi works on this node and what the kernel log says (dmesg, "NVRM").',
      });
  }
}
