import { accessBlockedHint, SourceError } from '../source.ts';
import type { DownReason, SourceErrorCode } from '../source.ts';
import { downReasonOf } from './quantity.ts';

interface KnownFailure {
  readonly pattern: RegExp;
  readonly code: SourceErrorCode;
  readonly hint: string;
  readonly fatal?: true;
}

const loadDriver = 'Load the NVIDIA driver (nvidia-modprobe, or install it); it is tried again.';
const lostRule =
  'In a container this follows a reload of the cgroup rules: recreate the container, or see dmesg.';
const recreate =
  'The driver was replaced while the library stayed: recreate the container, or reboot the machine.';

/** By meaning: the same failure has had several wordings. The first match decides. */
const known: readonly KnownFailure[] = [
  { pattern: /version mismatch/i, code: 'version_mismatch', hint: recreate, fatal: true },
  {
    pattern: /couldn'?t communicate with the nvidia driver|driver (is )?not loaded/i,
    code: 'driver_not_loaded',
    hint: loadDriver,
  },
  {
    // Before the general failure to initialise, whose words stand in the same line.
    pattern: /no supported gpus? (were )?found/i,
    code: 'no_gpu',
    hint: 'This driver does not support the card: install a driver that does (lspci names the card; old cards need a legacy driver).',
  },
  {
    pattern: /gpu access blocked by the operating system/i,
    code: 'access_blocked',
    hint: accessBlockedHint,
  },
  {
    pattern: /no devices (were )?found/i,
    code: 'no_gpu',
    hint: 'Check that a GPU is installed and visible here (lspci, container runtime, NVIDIA_VISIBLE_DEVICES).',
  },
  {
    pattern: /insufficient permissions?\b/i,
    code: 'no_permission',
    hint: 'Give this user access to /dev/nvidia*.',
  },
  {
    // The last two are glibc's words and musl's: the command is there, and what it is linked to is not.
    pattern:
      /^(?=.*(?:nvml|libnvidia-ml)).*(?:not found|couldn'?t find)|error (?:while )?loading shared librar/im,
    code: 'library_missing',
    hint: 'Install the driver library libnvidia-ml.so.1 that belongs to this driver.',
  },
  { pattern: /failed to initialize nvml/i, code: 'driver_error', hint: lostRule },
];

/** Exit codes as in the manual page of nvidia-smi. */
const exitCodes: Readonly<Record<number, readonly [SourceErrorCode, string]>> = {
  4: ['no_permission', 'Run with access to the NVIDIA devices (/dev/nvidia*).'],
  9: ['driver_not_loaded', loadDriver],
  12: ['library_missing', 'Install the driver library libnvidia-ml.so.1.'],
  15: ['driver_error', 'A GPU has fallen off the bus: see dmesg; it may need a reboot.'],
  // The shell's, of a wrapper around nvidia-smi.
  126: ['no_permission', 'Make the command that --nvidia-smi.command names executable.'],
  127: ['command_missing', 'Check --nvidia-smi.command: it starts a command that is not there.'],
};

/** What the output of a run that gave no usable document means for the whole source. */
export function failureOf(output: string, exitCode: number | null): SourceError {
  const said = firstWords(output);
  const match = known.find(({ pattern }) => pattern.test(output));
  if (match) {
    return new SourceError(match.code, said, { hint: match.hint, fatal: match.fatal ?? false });
  }
  const byCode = exitCode === null ? undefined : exitCodes[exitCode];
  if (byCode) {
    return new SourceError(byCode[0], `nvidia-smi: ${said} (exit code ${exitCode})`, {
      hint: byCode[1],
    });
  }
  if (brokenGpusIn(output).length > 0) {
    return new SourceError('driver_error', said, {
      hint: 'nvidia-smi stops at this GPU: see dmesg; a reset or a reboot brings it back.',
    });
  }
  return exitCode === 0
    ? new SourceError('bad_output', `nvidia-smi printed no GPU document: ${said}`, {
        hint: 'Check that the command is nvidia-smi itself (--nvidia-smi.command).',
      })
    : new SourceError('command_failed', `nvidia-smi: ${said} (exit code ${exitCode ?? 'none'})`, {
        hint: 'Run nvidia-smi -q by hand and see dmesg.',
      });
}

/** What a container sees whose right to the devices was taken away: only a new container gets it back. */
export function isRefusedAltogether(output: string): boolean {
  return /failed to initialize nvml: unknown error/i.test(output);
}

export interface BrokenGpu {
  readonly pciBusId: string;
  readonly reason: DownReason;
  readonly detail: string;
}

/** The GPUs of which a line says that their handle cannot be had; the others may be well. */
export function brokenGpusIn(output: string): BrokenGpu[] {
  const pattern =
    /unable to determine the device handle for gpu\s*(?:\d+\s*)?(?::\s*)?([0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.\d)\s*:\s*([^\n]*)/gi;
  return [...output.matchAll(pattern)].map((match) => {
    const detail = match[0].trim().slice(0, 200);
    return {
      pciBusId: normaliseBusId(match[1] ?? ''),
      reason: downReasonOf(match[2] ?? '') ?? 'unknown_error',
      detail,
    };
  });
}

/** `0000:02:00.0` and `00000000:02:00.0` are the same place. */
export function normaliseBusId(busId: string): string {
  const [domain = '', ...rest] = busId.toUpperCase().split(':');
  return [domain.padStart(8, '0'), ...rest].join(':');
}

function firstWords(output: string): string {
  const text = output.trim().replace(/\s+/g, ' ');
  return text === '' ? 'no output' : text.slice(0, 240);
}
