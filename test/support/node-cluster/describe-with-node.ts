import { describe } from 'vitest';
import { missingPrivileges } from './privileges.ts';

const asked = process.env['SKIP_CLUSTER'] === '1';
const missing = asked ? [] : await missingPrivileges();
if (missing.length > 0) {
  process.stderr.write(
    `The tests on a node of its own are skipped: this machine does not allow\n${missing.map((line) => `  ${line}\n`).join('')}`,
  );
}

/** `describe` for tests on a real node: skipped when SKIP_CLUSTER=1 asks for it, or where a privilege is missing, which is said. */
export const describeWithNode = asked || missing.length > 0 ? describe.skip : describe;
