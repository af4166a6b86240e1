/**
 * The series of `expr` that reach highest (or lowest) anywhere in the time range shown. A plain topk() chooses anew at each
 * step, so that more lines than asked for come and go.
 */
export function topOfRange(count: number, by: string, selector: string): string {
  return `max by (${by}) (${selector}) and on (${by}) topk(${count}, max by (${by}) (max_over_time(${selector}[$__range] @ end())))`;
}
