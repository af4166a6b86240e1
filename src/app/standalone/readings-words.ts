import type { GpuReadings } from './gpu-view.ts';

/** `util 97 %, memory 40.0/80 GiB, 312 W, 61 °C`; what the driver does not give is left out. */
export function readingsWords(readings: GpuReadings): string {
  const { utilPercent, powerWatts, temperatureCelsius } = readings;
  return [
    utilPercent === null ? [] : `util ${utilPercent.toFixed(0)} %`,
    readings.memoryUsedMiB === null ? [] : `memory ${memoryWords(readings)}`,
    powerWatts === null ? [] : `${powerWatts.toFixed(0)} W`,
    temperatureCelsius === null ? [] : `${temperatureCelsius.toFixed(0)} °C`,
  ]
    .flat()
    .join(', ');
}

/** `40.0/80 GiB`; `-` where it is not given. */
export function memoryWords({
  memoryUsedMiB,
  memoryTotalMiB,
}: Pick<GpuReadings, 'memoryUsedMiB' | 'memoryTotalMiB'>): string {
  if (memoryUsedMiB === null) return '-';
  const used = (memoryUsedMiB / 1024).toFixed(1);
  return memoryTotalMiB === null
    ? `${used} GiB`
    : `${used}/${(memoryTotalMiB / 1024).toFixed(0)} GiB`;
}
