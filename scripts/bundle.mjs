// `npm run bundle -- FLAGS`: sets up what is missing, then packs the program with its own Node for a plain host.
// Plain JavaScript without packages: it runs on whatever Node the machine has.
import { join } from 'node:path';
import { launch } from './setup/launch.mjs';
import { root } from './setup/project.mjs';

await launch([join(root, 'scripts', 'bundle', 'main.ts'), ...process.argv.slice(2)]);
