// `npm run cluster -- FLAGS`: sets up what is missing, then runs the whole loop on real parts.
// Plain JavaScript without packages: it runs on whatever Node the machine has.
import { join } from 'node:path';
import { launch } from './setup/launch.mjs';
import { root } from './setup/project.mjs';

const program = join(root, 'test', 'support', 'cluster', 'main.ts');
await launch([program, ...process.argv.slice(2)], { inRoot: true });
