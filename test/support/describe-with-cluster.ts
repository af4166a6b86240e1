import { describe } from 'vitest';

/** `describe` for tests that need real parts: skipped only when SKIP_CLUSTER=1 asks for it. */
export const describeWithCluster = process.env['SKIP_CLUSTER'] === '1' ? describe.skip : describe;
