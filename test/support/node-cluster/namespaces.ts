import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { tailOf } from '../child-process.ts';
import { exitOnSignals } from '../exit-on-signal.ts';
import { startGuard } from '../guard.ts';
import { parts } from '../parts/catalogue.ts';
import type { MessageFromInside, NodeRequest, NodeRequests, ReadyInfo } from './control-channel.ts';
import { nodeClusterParts, planFileName, type NodePlan } from './plan.ts';

export interface InsideProcess {
  readonly ready: Promise<ReadyInfo>;
  ask<Name extends NodeRequest>(
    method: Name,
    params: Parameters<NodeRequests[Name]>[0],
  ): Promise<ReturnType<NodeRequests[Name]>>;
  /** Ends everything inside and waits until nothing is left. */
  stop(): Promise<void>;
}

const here = import.meta.dirname;

/** Starts `inside/main.ts` as the first program of fresh namespaces. They end when it ends, when this process ends, or by `stop`. */
export function enterNamespaces(plan: NodePlan, say: (line: string) => void): InsideProcess {
  const { folder } = plan;
  const cgroup = `gpu-profiler-test-${process.pid}-${Date.now()}`;
  const logFile = join(folder, 'inside.log');
  const log = openSync(logFile, 'a');
  const child = spawn(
    join(here, 'enter-cgroup.sh'),
    [
      cgroup,
      join(here, 'inside', 'init.sh'),
      folder,
      plan.nodeName,
      process.execPath,
      join(here, 'inside', 'main.ts'),
      join(folder, planFileName),
    ],
    { stdio: ['ignore', log, log, 'ipc'], env: environment(plan), detached: true },
  );
  closeSync(log);
  const guard = guardNamespaces(child, cgroup, folder);
  const ended = new Promise<void>((resolve) => {
    child.on('exit', () => resolve());
    child.on('error', () => resolve());
  });
  const pending = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let asked = 0;
  const ready = new Promise<ReadyInfo>((resolve, reject) => {
    child.on('message', (message: MessageFromInside) => {
      if (message.kind === 'progress') say(message.line);
      else if (message.kind === 'ready') resolve(message.info);
      else if (message.kind === 'failed') reject(new Error(message.reason));
      else {
        const waiting = pending.get(message.id);
        pending.delete(message.id);
        if (message.kind === 'answer') waiting?.resolve(message.value);
        else waiting?.reject(new Error(message.reason));
      }
    });
    void ended.then(() => {
      const error = new Error(`the node's processes ended; ${tailOf(logFile)}`);
      reject(error);
      for (const waiting of pending.values()) waiting.reject(error);
      pending.clear();
    });
  });
  ready.catch(() => undefined);
  const ask = (method: NodeRequest, params: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      asked += 1;
      pending.set(asked, { resolve, reject });
      child.send({ id: asked, method, params }, (error) => {
        if (error !== null) reject(error);
      });
    });
  return {
    ready,
    ask: ask as InsideProcess['ask'],
    stop: async () => {
      killGroup(child.pid);
      await ended;
      await cleanedUp(guard);
    },
  };
}

/** TMPDIR: whatever is started inside keeps its data in the cluster's folder. */
function environment(plan: NodePlan): NodeJS.ProcessEnv {
  const folders = ['runc', 'nft', 'iptables'] as const;
  return {
    ...process.env,
    ...Object.fromEntries(nodeClusterParts.map((name) => [parts[name].variable, plan.parts[name]])),
    TMPDIR: plan.folder,
    PATH: [...folders.map((name) => dirname(plan.parts[name])), process.env['PATH']].join(
      delimiter,
    ),
  };
}

/** Ends the namespaces and removes cgroups and folder: on `stop`, and whenever and however this process ends. */
function guardNamespaces(child: ChildProcess, cgroup: string, folder: string): ChildProcess {
  exitOnSignals();
  return startGuard(join(here, 'clean-up.sh'), [`${child.pid ?? 0}`, cgroup, folder]);
}

async function cleanedUp(guard: ChildProcess): Promise<void> {
  if (guard.exitCode !== null) return;
  guard.ref();
  const ended = new Promise<void>((resolve) => void guard.on('exit', () => resolve()));
  guard.stdin?.end();
  await ended;
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
