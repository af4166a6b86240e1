/** A confidence of 0-1 for people: `94 %`. Nothing that is inferred is certain, so it never reads 100 %. */
export function certainty(confidence: number): string {
  return confidence > 0.99 ? '> 99 %' : `${Math.round(100 * confidence)} %`;
}
