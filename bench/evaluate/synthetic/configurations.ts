/** n samples, one each `stepSeconds`. */
export interface Configuration {
  readonly samples: number;
  readonly stepSeconds: number;
}

function configuration(samples: number, stepSeconds: number): Configuration {
  return { samples, stepSeconds };
}

/** Two minutes at 0.1 and 1 s, ten at 1, 5 and 15 s. */
export const nullConfigurations: readonly Configuration[] = [
  configuration(1200, 0.1),
  configuration(120, 1),
  configuration(600, 1),
  configuration(120, 5),
  configuration(40, 15),
];

/** The same and two minutes at 5 s. */
export const cycleConfigurations: readonly Configuration[] = [
  ...nullConfigurations,
  configuration(24, 5),
];

export function nameOf({ samples, stepSeconds }: Configuration): string {
  return `${samples} x ${stepSeconds} s`;
}
