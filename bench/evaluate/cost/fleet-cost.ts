import { analyse } from '../../../src/analysis/analyse.ts';
import type { UsageSeries } from '../../../src/analysis/verdict.ts';
import { alnairRule } from '../alnair-rule.ts';
import { atMost, valueRow, type Row } from '../rows/row.ts';
import { cpuMs } from './cpu-time.ts';

/** 5,000 nodes of 8 GPUs. */
const fleet = 40_000;
const samples = 120;
/** Of the Alnair rule, which costs the same for every series that is not idle. */
const alnairSample = 2_000;

export interface FleetPool {
  /** Utilisation of idle and steady GPUs, 120 samples each. */
  readonly quiet: readonly UsageSeries[];
  readonly cyclic: readonly UsageSeries[];
}

/** Processor seconds of one round over a fleet, one core: all idle or steady, and with a tenth cyclic. Rows without a value where a pool is empty. */
export function fleetCostRows({ quiet, cyclic }: FleetPool): Row[] {
  const mixed = Array.from({ length: 10 }, (_, i) => (i === 9 ? cyclic : quiet));
  return [
    fleetRow('decision_fleet_quiet_s', [quiet], 1),
    fleetRow('decision_fleet_tenth_cyclic_s', mixed, 30),
  ];
}

function fleetRow(
  name: string,
  pools: readonly (readonly UsageSeries[])[],
  limitSeconds: number,
): Row {
  const target = atMost(limitSeconds);
  if (pools.some((pool) => pool.length === 0)) {
    return valueRow(name, null, { numerator: 0, denominator: 0 }, target);
  }
  const series = Array.from({ length: fleet }, (_, i) => {
    const pool = pools[i % pools.length]!;
    return pool[Math.floor(i / pools.length) % pool.length]!;
  });
  for (const util of series.slice(0, 2_000)) decide(util);
  const before = cpuMs();
  for (const util of series) decide(util);
  const seconds = (cpuMs() - before) / 1_000;
  const beforeAlnair = cpuMs();
  for (const util of series.slice(0, alnairSample)) alnairRule(util);
  const alnair = (((cpuMs() - beforeAlnair) / 1_000) * fleet) / alnairSample;
  return valueRow(name, seconds, { numerator: seconds, denominator: fleet, alnair }, target);
}

function decide(util: UsageSeries): void {
  analyse({ channels: { util }, sampling: 'scraped' });
}

/** Cuts series into pieces of 120 samples. */
export function piecesOf120({ timesSeconds, values }: UsageSeries): UsageSeries[] {
  const pieces: UsageSeries[] = [];
  for (let from = 0; from + samples <= values.length; from += samples) {
    pieces.push({
      timesSeconds: timesSeconds.slice(from, from + samples),
      values: values.slice(from, from + samples),
    });
  }
  return pieces;
}
