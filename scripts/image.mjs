// `npm run image -- FLAGS`: sets up what is missing, then builds the container image with the engine that is there.
// Plain JavaScript without packages: it runs on whatever Node the machine has.
import { join } from 'node:path';
import { launch } from './setup/launch.mjs';
import { root } from './setup/project.mjs';

await launch([join(root, 'scripts', 'image', 'main.ts'), ...process.argv.slice(2)]);
