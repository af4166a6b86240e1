import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { describeWithNode } from '../support/node-cluster/describe-with-node.ts';
import { runCommand } from '../support/parts/run-command.ts';
import { waitUntil } from '../support/wait-until.ts';

const root = join(import.meta.dirname, '..', '..');
const support = join(root, 'test', 'support');
const started: ChildProcess[] = [];
/** Those of the machine itself. */
const interfaces = Object.keys(networkInterfaces());

/** A process that starts a cluster; resolves with what it has printed when that matches. */
async function start(args: readonly string[], until: RegExp): Promise<[ChildProcess, string]> {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  }
  await waitUntil(() => until.test(printed), {
    what: `the cluster of ${args.at(-1)?.slice(0, 60)}`,
    timeoutMs: 240_000,
    context: () => printed,
  });
  return [child, printed];
}

/** Traces of the cluster that a process started: on the disk, among processes, mounts, cgroups and network interfaces. */
async function tracesOf(folder: string, starter: number | undefined): Promise<string[]> {
  const found: string[] = [];
  if (existsSync(folder)) found.push(folder);
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const command = readOrNothing(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
    if (command.includes(folder)) found.push(`process ${command.slice(0, 120)}`);
  }
  found.push(
    ...readOrNothing('/proc/self/mounts')
      .split('\n')
      .filter((line) => line.includes(folder)),
  );
  const cgroups = await runCommand('find', ['/sys/fs/cgroup', '-name', `*-${starter}-*`], {
    timeoutMs: 20_000,
  });
  found.push(...cgroups.stdout.split('\n').filter((line) => line !== ''));
  const added = Object.keys(networkInterfaces()).filter((name) => !interfaces.includes(name));
  found.push(...added.map((name) => `interface ${name}`));
  return found;
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

async function untilNoTrace(folder: string, starter: number | undefined): Promise<string[]> {
  let traces: string[] = [];
  await waitUntil(async () => (traces = await tracesOf(folder, starter)).length === 0, {
    what: 'nothing left of the cluster',
    timeoutMs: 30_000,
    everyMs: 250,
    context: () => traces.join('\n'),
  });
  return traces;
}

describeWithNode('a node of one’s own', () => {
  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
  });

  it('leaves nothing behind when the process that started it is killed', async () => {
    const program = `
      import { startNodeCluster } from '${support}/node-cluster/start-node-cluster.ts';
      const cluster = await startNodeCluster();
      console.log('folder ' + cluster.folder);
      setInterval(() => undefined, 1e6);`;
    const [child, printed] = await start(['--input-type=module', '--eval', program], /folder \S+/);
    const folder = /folder (\S+)/.exec(printed)?.[1] ?? '';
    expect((await tracesOf(folder, child.pid)).length).toBeGreaterThan(5);

    child.kill('SIGKILL');

    expect(await untilNoTrace(folder, child.pid)).toEqual([]);
  });

  it('is a person’s by npm run cluster -- --kubelet, until Ctrl-C', async () => {
    const [child, printed] = await start(
      [join(support, 'cluster', 'main.ts'), '--kubelet'],
      /Ctrl-C ends everything/,
    );
    const kubeconfig = /export KUBECONFIG=(\S+)/.exec(printed)?.[1] ?? '';
    const path = /export PATH=(\S+):\$PATH/.exec(printed)?.[1] ?? '';
    const asked = await runCommand('kubectl', ['get', 'nodes'], {
      timeoutMs: 60_000,
      env: { ...process.env, KUBECONFIG: kubeconfig, PATH: `${path}:${process.env['PATH']}` },
    });
    expect(asked.stdout).toMatch(/gpu-node-1 +Ready/);
    const page = await fetch(/http:\/\/\S+/.exec(printed)?.[0] ?? '');
    expect(page.status).toBe(200);

    child.kill('SIGINT');
    const [code] = await new Promise<[number | null]>((resolve) =>
      child.on('exit', (exitCode) => resolve([exitCode])),
    );

    expect(code).toBe(0);
    expect(await untilNoTrace(dirname(kubeconfig), child.pid)).toEqual([]);
  });
});
