#!/usr/bin/env node
import packageFile from '../package.json' with { type: 'json' };
import { nodeVersionProblem } from './lib/node-version.ts';

// Older versions of Node cannot even parse the program, so it is loaded only by those that can.
const problem = nodeVersionProblem(process.versions.node, packageFile.engines.node);
if (problem === null) {
  void import('./program.ts');
} else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
