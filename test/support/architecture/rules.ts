/** What may import what: the table of docs/ARCHITECTURE.md as data. `lib` is open to all, its own folder to each. */
export interface FolderRule {
  readonly mayImport: readonly string[];
  /** Only by `import type`: nothing of it runs. */
  readonly typesOf?: readonly string[];
}

const belowApp = [
  'config',
  'gpu',
  'sampling',
  'attribution',
  'exposition',
  'analysis',
  'prometheus',
  'kubernetes',
  'controller',
  'web',
];

export const folderRules: Readonly<Record<string, FolderRule>> = {
  'main.ts': { mayImport: ['program.ts'] },
  'program.ts': { mayImport: ['cli', 'config'], typesOf: ['app'] },
  cli: { mayImport: ['app', 'config', 'analysis'] },
  app: { mayImport: belowApp },
  config: { mayImport: [] },
  gpu: { mayImport: [] },
  sampling: { mayImport: ['gpu'] },
  attribution: { mayImport: ['gpu'] },
  exposition: { mayImport: ['gpu', 'sampling', 'attribution'], typesOf: ['analysis'] },
  analysis: { mayImport: [] },
  prometheus: { mayImport: [] },
  kubernetes: { mayImport: [] },
  controller: { mayImport: ['kubernetes', 'prometheus', 'analysis'] },
  dashboards: { mayImport: [] },
  web: { mayImport: [] },
  lib: { mayImport: [] },
};

export interface OwnerRule {
  /** For the message. */
  readonly what: string;
  readonly owners: readonly string[];
}

/** Packages and modules that only some folders may import, types included. */
export const moduleOwners: Readonly<Record<string, OwnerRule>> = {
  koffi: { what: 'the driver library', owners: ['gpu'] },
  'node:http2': { what: 'sockets of the kubelet', owners: ['attribution'] },
  'node-nvidia-smi': { what: 'running nvidia-smi', owners: ['gpu'] },
  'node:child_process': { what: 'child processes', owners: ['gpu'] },
  axios: { what: 'the client of Prometheus', owners: ['prometheus'] },
  'prom-client': { what: 'the metric registry', owners: ['exposition'] },
  bcryptjs: { what: 'password hashes', owners: ['web'] },
  'fft.js': { what: 'the Fourier transform', owners: ['analysis'] },
  'js-yaml': { what: 'YAML', owners: ['config'] },
  '@kubernetes/client-node': { what: 'the Kubernetes client', owners: ['kubernetes'] },
  uplot: { what: 'plots', owners: ['web'] },
  '@grafana/grafana-foundation-sdk': { what: 'the model of Grafana', owners: ['dashboards'] },
  // Its exports would slip past the rules on process.env and process.exit.
  'node:process': { what: 'the process', owners: [] },
};

/** Names that only some folders may mention in code: `a.b` (also as the start of a longer chain) or a plain identifier. */
export const nameOwners: Readonly<Record<string, OwnerRule>> = {
  'process.env': { what: 'the environment', owners: ['config'] },
  'process.argv': { what: 'the command line', owners: ['program.ts'] },
  'process.exit': { what: 'ending the process', owners: ['program.ts'] },
  'process.stdout': { what: 'stdout', owners: ['cli', 'program.ts'] },
  console: { what: 'stdout', owners: ['cli', 'program.ts'] },
  createServer: { what: 'listening sockets', owners: ['web'] },
};

/** Words that say nothing about what is inside. */
export const bannedFileNames = /^(?:.*-)?(?:utils?|helpers?|common|misc|index)\.[cm]?[jt]s$/;

export const maxLines = 250;

/** Longer files, each with the reason why it stays whole. */
export const longFiles: Readonly<Record<string, string>> = {
  'test/integration/controller.test.ts': 'all cases share one set of servers, started once',
  'test/integration/kubernetes.test.ts': 'all cases share one API server, started once',
  'test/integration/nvml.test.ts': 'all cases share one stand-in library and its scripts',
  'test/integration/prometheus.test.ts': 'all cases share one Prometheus, filled once',
};
