import { describe, expect, it } from 'vitest';
import { brokenGpusIn, failureOf, normaliseBusId } from './failure.ts';

describe('gpu/nvidia-smi/failure', () => {
  it.each([
    [
      "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.",
      9,
      'driver_not_loaded',
    ],
    ['Failed to initialize NVML: Driver Not Loaded', 9, 'driver_not_loaded'],
    ['Failed to initialize NVML: Driver/library version mismatch', 18, 'version_mismatch'],
    ['Failed to initialize NVML: Unknown Error', 255, 'driver_error'],
    ['Failed to initialize NVML: Insufficient Permissions', 4, 'no_permission'],
    ["NVIDIA-SMI couldn't find libnvidia-ml.so library in your system.", 12, 'library_missing'],
    ['NVML Shared Library Not Found', 12, 'library_missing'],
    ['No devices were found', 6, 'no_gpu'],
    ['Failed to initialize NVML: No supported GPUs were found', 255, 'no_gpu'],
    ['Failed to initialize NVML: GPU access blocked by the operating system', 17, 'access_blocked'],
    [
      'nvidia-smi: error while loading shared libraries: libnvidia-ml.so.1: cannot open shared object file: No such file or directory',
      127,
      'library_missing',
    ],
    [
      'Error loading shared library libnvidia-ml.so.1: No such file or directory (needed by nvidia-smi)',
      127,
      'library_missing',
    ],
    ['sh: 1: nvidia-smi: not found', 127, 'command_missing'],
    ['', 4, 'no_permission'],
    ['', 9, 'driver_not_loaded'],
    ['', 15, 'driver_error'],
    ['surprise', 77, 'command_failed'],
    ['killed', null, 'command_failed'],
    ['surprise', 0, 'bad_output'],
  ])('takes %j with exit code %s for %s', (output, exitCode, code) => {
    const failure = failureOf(output, exitCode);

    expect(failure).toMatchObject({ code, hint: expect.stringMatching(/\w/) });
    expect(failure.fatal).toBe(code === 'version_mismatch');
    expect(failure.message).not.toBe('');
  });

  it('reads which GPU cannot be reached, in both spellings of its address', () => {
    const output = `
Unable to determine the device handle for GPU 0000:02:00.0: GPU is lost.  Reboot the system to recover this GPU
Unable to determine the device handle for GPU0: 00000000:B3:00.0: Unknown Error
Unable to determine the device handle for GPU0000:0A:00.0: GPU requires reset`;

    expect(brokenGpusIn(output)).toMatchObject([
      { pciBusId: '00000000:02:00.0', reason: 'gpu_lost' },
      { pciBusId: '00000000:B3:00.0', reason: 'unknown_error' },
      { pciBusId: '00000000:0A:00.0', reason: 'reset_required' },
    ]);
    expect(normaliseBusId('0000:b3:00.0')).toBe('00000000:B3:00.0');
  });
});
