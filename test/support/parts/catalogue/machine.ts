import { debianWay } from '../debian.ts';
import { zigWay } from '../zig.ts';
import type { Part } from './part.ts';

/** A compiler and a browser. */
export const machineParts = {
  cc: {
    variable: 'CC',
    commands: ['cc', 'gcc', 'clang'],
    check: { kind: 'compile' },
    ways: [
      debianWay({ packages: ['gcc', 'libc6-dev'], path: '/usr/bin/gcc', usually: '20 s' }),
      zigWay(),
    ],
    advice: 'install gcc or clang with the C library headers (gcc and libc6-dev on Debian)',
  },
  chromium: {
    variable: 'CHROMIUM',
    commands: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'],
    check: {
      kind: 'version',
      args: ['--version'],
      pattern: /Chrom\w* (\d+)\.(\d+)/,
      minimum: [120, 0],
    },
    ways: [debianWay({ packages: ['chromium'], path: '/usr/bin/chromium', usually: '1 min' })],
    advice: 'install Chromium or Chrome 120 or newer, or set CHROMIUM to its path',
  },
} satisfies Record<string, Part>;
