/**
 * Parameters of the driver library's functions, in koffi's notation; every one returns an int (a return code).
 * Handles and pointers to results are `void *`. Facts of the public interface of NVML; optional functions may be absent from a given driver.
 */
const handle = 'void *';
const out = 'void *';
const text = [handle, out, 'uint32_t'] as const;
const number = [handle, out] as const;
const processList = [handle, out, out] as const;

export const declarations = {
  nvmlInit_v2: [],
  nvmlShutdown: [],
  nvmlSystemGetDriverVersion: [out, 'uint32_t'],
  nvmlSystemGetCudaDriverVersion: [out],
  nvmlDeviceGetCount_v2: [out],
  nvmlDeviceGetHandleByIndex_v2: ['uint32_t', out],
  nvmlDeviceGetHandleByPciBusId_v2: ['str', out],
  nvmlDeviceGetHandleByUUID: ['str', out],
  nvmlDeviceGetUUID: text,
  nvmlDeviceGetName: text,
  nvmlDeviceGetSerial: text,
  nvmlDeviceGetVbiosVersion: text,
  nvmlDeviceGetMinorNumber: number,
  nvmlDeviceGetPciInfo_v3: number,
  nvmlDeviceGetCudaComputeCapability: [handle, out, out],
  nvmlDeviceGetMaxPcieLinkGeneration: number,
  nvmlDeviceGetMaxPcieLinkWidth: number,
  nvmlDeviceGetMigMode: [handle, out, out],
  nvmlDeviceGetMaxMigDeviceCount: number,
  nvmlDeviceGetMigDeviceHandleByIndex: [handle, 'uint32_t', out],
  nvmlDeviceGetGpuInstanceId: number,
  nvmlDeviceGetMemoryInfo: number,
  nvmlDeviceGetMemoryInfo_v2: number,
  nvmlDeviceGetUtilizationRates: number,
  nvmlDeviceGetSamples: [handle, 'int', 'uint64_t', out, out, out],
  nvmlDeviceGetPowerUsage: number,
  nvmlDeviceGetEnforcedPowerLimit: number,
  nvmlDeviceGetTotalEnergyConsumption: number,
  nvmlDeviceGetTemperature: [handle, 'int', out],
  nvmlDeviceGetFanSpeed: number,
  nvmlDeviceGetClockInfo: [handle, 'int', out],
  nvmlDeviceGetPerformanceState: number,
  nvmlDeviceGetCurrPcieLinkGeneration: number,
  nvmlDeviceGetCurrPcieLinkWidth: number,
  nvmlDeviceGetEncoderUtilization: [handle, out, out],
  nvmlDeviceGetDecoderUtilization: [handle, out, out],
  nvmlDeviceGetFieldValues: [handle, 'int', out],
  nvmlDeviceGetComputeRunningProcesses: processList,
  nvmlDeviceGetComputeRunningProcesses_v2: processList,
  nvmlDeviceGetComputeRunningProcesses_v3: processList,
  nvmlDeviceGetGraphicsRunningProcesses: processList,
  nvmlDeviceGetGraphicsRunningProcesses_v2: processList,
  nvmlDeviceGetGraphicsRunningProcesses_v3: processList,
  // Never called: their presence tells the layout of the process lists.
  nvmlDeviceGetConfComputeMemSizeInfo: [handle, out],
  nvmlDeviceGetRunningProcessDetailList: [handle, out],
} as const satisfies Record<string, readonly string[]>;

export type FunctionName = keyof typeof declarations;

/** Without these there is nothing to read; everything else may be absent. */
export const requiredFunctions = [
  'nvmlInit_v2',
  'nvmlShutdown',
  'nvmlDeviceGetCount_v2',
  'nvmlDeviceGetHandleByIndex_v2',
  'nvmlDeviceGetUUID',
] as const satisfies readonly FunctionName[];
