import { debianWay } from '../debian.ts';
import { zigWay } from '../zig.ts';
import type { Part } from './part.ts';

/** A compiler, a browser, and what sets the rules of a network namespace. */
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
  // kube-proxy runs it.
  nft: {
    variable: 'NFT',
    commands: ['nft'],
    check: {
      kind: 'version',
      args: ['--version'],
      pattern: /nftables v(\d+)\.(\d+)/,
      minimum: [1, 0],
    },
    ways: [debianWay({ packages: ['nftables'], path: '/usr/sbin/nft', usually: '10 s' })],
    advice: 'install nftables; SKIP_CLUSTER=1 skips the tests on a cluster',
  },
  // The network plugins run it, for ports of the node that lead to pods.
  iptables: {
    variable: 'IPTABLES',
    commands: ['iptables'],
    check: {
      kind: 'version',
      args: ['--version'],
      pattern: /iptables v(\d+)\.(\d+)/,
      minimum: [1, 8],
    },
    ways: [debianWay({ packages: ['iptables'], path: '/usr/sbin/iptables', usually: '10 s' })],
    advice: 'install iptables; SKIP_CLUSTER=1 skips the tests on a cluster',
  },
} satisfies Record<string, Part>;
