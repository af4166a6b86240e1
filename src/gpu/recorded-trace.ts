/** CSV traces (`t_s,util_gpu,…`) for those who analyse recordings instead of replaying them. */
export { isTrace, parseTrace, type Trace, type TraceChannel } from './replay/trace.ts';
