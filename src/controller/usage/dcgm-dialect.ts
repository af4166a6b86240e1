import type { Dialect } from './dialect.ts';

/**
 * The fields of dcgm-exporter that are read here: its default ones, and a few that only tell more where somebody switched them on.
 * Memory is in MiB, utilisation in percent, power in W.
 */
export const dcgmDialect: Dialect = {
  name: 'dcgm',
  uuidLabel: 'UUID',
  indexLabel: 'gpu',
  channels: {
    DCGM_FI_DEV_GPU_UTIL: { meaning: 'util', scale: 1 },
    DCGM_FI_DEV_MEM_COPY_UTIL: { meaning: 'memCopy', scale: 1 },
    DCGM_FI_DEV_FB_USED: { meaning: 'memUsed', scale: 1 },
    DCGM_FI_DEV_POWER_USAGE: { meaning: 'power', scale: 1 },
  },
  facts: {
    DCGM_FI_DEV_FB_TOTAL: { meaning: 'memoryTotalMiB', scale: 1 },
    // No default field tells the total; it is the sum of these (reserved is missing in older exporters).
    DCGM_FI_DEV_FB_USED: { meaning: 'memoryPartMiB', scale: 1 },
    DCGM_FI_DEV_FB_FREE: { meaning: 'memoryPartMiB', scale: 1 },
    DCGM_FI_DEV_FB_RESERVED: { meaning: 'memoryPartMiB', scale: 1 },
    DCGM_FI_DEV_POWER_MGMT_LIMIT: { meaning: 'powerLimitWatts', scale: 1 },
    DCGM_FI_DEV_PCIE_MAX_LINK_GEN: { meaning: 'pcieGenerationMax', scale: 1 },
    DCGM_FI_DEV_PCIE_MAX_LINK_WIDTH: { meaning: 'pcieWidthMax', scale: 1 },
  },
  roster: [
    'DCGM_FI_DEV_GPU_UTIL',
    'DCGM_FI_DEV_MEM_COPY_UTIL',
    'DCGM_FI_DEV_FB_USED',
    'DCGM_FI_DEV_POWER_USAGE',
  ],
  modelLabel: 'modelName',
  driverLabel: 'DCGM_FI_DRIVER_VERSION',
  factFamilies: [
    'DCGM_FI_DEV_FB_TOTAL',
    'DCGM_FI_DEV_FB_USED',
    'DCGM_FI_DEV_FB_FREE',
    'DCGM_FI_DEV_FB_RESERVED',
    'DCGM_FI_DEV_POWER_MGMT_LIMIT',
    'DCGM_FI_DEV_PCIE_MAX_LINK_GEN',
    'DCGM_FI_DEV_PCIE_MAX_LINK_WIDTH',
  ],
  partLabel: 'GPU_I_ID',
};
