/** The time format of Lease and Event fields of type MicroTime: exactly six digits of fraction; three or nine are refused. */
export function microTime(wallMs: number): string {
  const text = new Date(wallMs).toISOString();
  return `${text.slice(0, -1)}000Z`;
}

/** The format of fields of type Time: whole seconds. */
export function wholeSecondTime(wallMs: number): string {
  return `${new Date(wallMs).toISOString().slice(0, 19)}Z`;
}
