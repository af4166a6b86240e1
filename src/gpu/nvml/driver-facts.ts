import type { DriverCalls } from './driver-calls.ts';
import { codes, concernsWholeSource, sourceErrorOf } from './return-codes.ts';
import { cudaVersionText, readText } from './texts.ts';

/** Versions of the driver and of the CUDA that it supports, where it tells them. */
export async function driverFacts(
  calls: DriverCalls,
  signal: AbortSignal,
): Promise<{ driverVersion: string | undefined; cudaVersion: string | undefined }> {
  const version = Buffer.alloc(80);
  const cuda = Buffer.alloc(4);
  const hasVersion =
    calls.has('nvmlSystemGetDriverVersion') &&
    (await checked(calls, signal, 'nvmlSystemGetDriverVersion', [version, version.length]));
  // The plain call, not its _v2: that one needs libcuda, which containers with only "utility" do not have.
  const hasCuda =
    calls.has('nvmlSystemGetCudaDriverVersion') &&
    (await checked(calls, signal, 'nvmlSystemGetCudaDriverVersion', [cuda]));
  return {
    driverVersion: hasVersion ? readText(version) : undefined,
    cudaVersion: hasCuda ? cudaVersionText(cuda.readInt32LE()) : undefined,
  };
}

async function checked(
  calls: DriverCalls,
  signal: AbortSignal,
  name: Parameters<DriverCalls['call']>[0],
  args: Parameters<DriverCalls['call']>[1],
): Promise<boolean> {
  const code = await calls.call(name, args, signal);
  if (concernsWholeSource(code)) throw sourceErrorOf(code, name);
  return code === codes.ok;
}
