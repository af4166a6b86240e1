import type { Dialect, ScaledFamily } from './dialect.ts';

const percent = 100;

/**
 * The fields of dcgm-exporter that are read here: its default ones, and a few that only tell more where somebody switched them on.
 * Memory is in MiB, utilisation in percent, power in W; the profiling fields are ratios. Some collectors (Azure's, OpenTelemetry's) make all names small.
 */
export const dcgmDialect: Dialect = {
  name: 'dcgm',
  uuidLabels: ['UUID', 'uuid'],
  indexLabel: 'gpu',
  channels: inBothCases({
    DCGM_FI_DEV_GPU_UTIL: { meaning: 'util', scale: 1, perPod: true },
    DCGM_FI_DEV_MEM_COPY_UTIL: { meaning: 'memCopy', scale: 1 },
    DCGM_FI_DEV_FB_USED: { meaning: 'memUsed', scale: 1, perPod: true },
    DCGM_FI_DEV_POWER_USAGE: { meaning: 'power', scale: 1 },
  }),
  // GPU instances have no GPU_UTIL at all.
  standIns: inBothCases({
    DCGM_FI_PROF_GR_ENGINE_ACTIVE: { meaning: 'util', scale: percent },
    DCGM_FI_PROF_DRAM_ACTIVE: { meaning: 'memCopy', scale: percent },
    DCGM_FI_DEV_POWER_USAGE_INSTANT: { meaning: 'power', scale: 1 },
  }),
  facts: inBothCases({
    DCGM_FI_DEV_FB_TOTAL: { meaning: 'memoryTotalMiB', scale: 1 },
    // No default field tells the total; it is the sum of these (reserved is missing in older exporters).
    DCGM_FI_DEV_FB_USED: { meaning: 'memoryPartMiB', scale: 1, perPod: true },
    DCGM_FI_DEV_FB_FREE: { meaning: 'memoryPartMiB', scale: 1 },
    DCGM_FI_DEV_FB_RESERVED: { meaning: 'memoryPartMiB', scale: 1 },
    DCGM_FI_DEV_POWER_MGMT_LIMIT: { meaning: 'powerLimitWatts', scale: 1 },
    DCGM_FI_DEV_PCIE_MAX_LINK_GEN: { meaning: 'pcieGenerationMax', scale: 1 },
    DCGM_FI_DEV_PCIE_MAX_LINK_WIDTH: { meaning: 'pcieWidthMax', scale: 1 },
  }),
  roster: namesInBothCases([
    'DCGM_FI_DEV_GPU_UTIL',
    'DCGM_FI_DEV_MEM_COPY_UTIL',
    'DCGM_FI_DEV_FB_USED',
    'DCGM_FI_DEV_POWER_USAGE',
  ]),
  modelLabels: ['modelName', 'modelname'],
  driverLabels: ['DCGM_FI_DRIVER_VERSION', 'dcgm_fi_driver_version'],
  factFamilies: namesInBothCases([
    'DCGM_FI_DEV_FB_TOTAL',
    'DCGM_FI_DEV_FB_USED',
    'DCGM_FI_DEV_FB_FREE',
    'DCGM_FI_DEV_FB_RESERVED',
    'DCGM_FI_DEV_POWER_MGMT_LIMIT',
    'DCGM_FI_DEV_PCIE_MAX_LINK_GEN',
    'DCGM_FI_DEV_PCIE_MAX_LINK_WIDTH',
  ]),
  partLabels: ['GPU_I_ID', 'gpu_i_id'],
  profileLabels: ['GPU_I_PROFILE', 'gpu_i_profile'],
};

function namesInBothCases(names: readonly string[]): string[] {
  return [...names, ...names.map((name) => name.toLowerCase())];
}

function inBothCases<Meaning>(
  families: Readonly<Record<string, ScaledFamily<Meaning>>>,
): Record<string, ScaledFamily<Meaning>> {
  return Object.fromEntries(
    Object.entries(families).flatMap(([name, family]) => [
      [name, family],
      [name.toLowerCase(), family],
    ]),
  );
}
