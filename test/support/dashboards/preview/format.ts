/** Values as Grafana shows them in the units that are in use. */
export function formatValue(value: number, unit: string, decimals?: number): string {
  switch (unit) {
    case 'percentunit':
      return `${fixed(value * 100, decimals ?? (value < 0.1 ? 1 : 0))} %`;
    case 'bytes':
      return scaled(value, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB'], decimals);
    case 'hertz':
      return scaled(value, 1000, ['Hz', 'kHz', 'MHz', 'GHz'], decimals ?? 2);
    case 'watt':
      return scaled(value, 1000, ['W', 'kW', 'MW'], decimals);
    case 'celsius':
      return `${fixed(value, decimals ?? 0)} °C`;
    case 's':
      return duration(value, decimals);
    case 'h':
      return `${fixed(value, decimals ?? 1)} h`;
    case 'reqps':
      return `${fixed(value, decimals ?? 2)}/s`;
    case 'dateTimeFromNow':
      return `${duration(Date.now() / 1_000 - value / 1_000, 0)} ago`;
    default:
      return fixed(value, decimals ?? (Number.isInteger(value) ? 0 : 2));
  }
}

function fixed(value: number, decimals: number): string {
  return value.toFixed(decimals);
}

function scaled(value: number, base: number, units: readonly string[], decimals?: number): string {
  let rest = value;
  let index = 0;
  while (Math.abs(rest) >= base && index < units.length - 1) {
    rest /= base;
    index += 1;
  }
  return `${fixed(rest, decimals ?? (rest >= 100 || index === 0 ? 0 : 1))} ${units[index]}`;
}

function duration(seconds: number, decimals?: number): string {
  if (seconds < 1) return `${fixed(seconds * 1_000, decimals ?? 0)} ms`;
  if (seconds < 120) return `${fixed(seconds, decimals ?? 1)} s`;
  if (seconds < 7_200) return `${fixed(seconds / 60, 0)} min`;
  return `${fixed(seconds / 3_600, 1)} h`;
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
