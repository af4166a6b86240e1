// `npm run -s gpu-profiler -- ARGUMENTS`: sets up what is missing, then runs `gpu-profiler ARGUMENTS` from this checkout on its own Node.
// Plain JavaScript without packages: it runs on whatever Node the machine has.
import { join } from 'node:path';
import { launch } from './setup/launch.mjs';
import { root } from './setup/project.mjs';

await launch([join(root, 'dist', 'main.js'), ...process.argv.slice(2)]);
