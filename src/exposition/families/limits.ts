import { perGpu, type DeviceFamily } from '../family.ts';

const absentWhen = 'not reported by the driver';

/** Facts of the device that are numbers. */
export const limitFamilies: readonly DeviceFamily[] = [
  perGpu({
    name: 'gpu_pcie_generation_max',
    help: 'Highest PCIe generation that the GPU and its slot allow.',
    unit: '',
    absentWhen,
    value: ({ device }) => device.pcieGenerationMax,
  }),
  perGpu({
    name: 'gpu_pcie_width_max_lanes',
    help: 'Most PCIe lanes that the GPU and its slot allow.',
    unit: 'lanes',
    absentWhen,
    value: ({ device }) => device.pcieWidthMax,
  }),
];
