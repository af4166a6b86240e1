// `npm start -- FLAGS`: sets up what is missing, then runs `gpu-profiler standalone FLAGS`.
// Plain JavaScript without packages: it is the first thing to run, on whatever Node the machine has.
import { join } from 'node:path';
import { launch } from './setup/launch.mjs';
import { root } from './setup/project.mjs';

await launch([join(root, 'dist', 'main.js'), 'standalone', ...process.argv.slice(2)]);
