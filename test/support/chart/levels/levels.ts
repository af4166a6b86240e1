import type { RenderOptions } from '../render.ts';

/** What may be set, and to what: each level of a factor is a part of the options that `helm template` gets. A factor's first is the default. */
export type Levels = Readonly<Record<string, Readonly<Record<string, RenderOptions>>>>;
