import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiClient, type ApiAccess } from '../api-client.ts';
import { writeKubeconfig } from '../kubeconfig.ts';
import { placeStandin, type PlacedStandin } from '../nvml/standin.ts';
import type { StandinScript } from '../nvml/script.ts';
import { findPart } from '../parts/find-part.ts';
import { failureOf, runCommand, type CommandResult } from '../parts/run-command.ts';
import type { PartName } from '../parts/catalogue.ts';
import { freePort } from '../port.ts';
import { openForward, type Forward } from './forward.ts';
import { enterNamespaces, type InsideProcess } from './namespaces.ts';
import { packPauseImage } from './pause-image.ts';
import {
  addresses,
  nodeClusterParts,
  planFileName,
  type NodeClusterPart,
  type NodePlan,
} from './plan.ts';
import type { FaultCounts, NodeService } from './control-channel.ts';

export interface NodeClusterOptions {
  readonly nodeName?: string;
  /** What the driver library of the node says; its GPUs have the UUIDs that the device plugin offers. */
  readonly driver?: StandinScript;
  /** Told what is being started. */
  readonly progress?: (line: string) => void;
}

export interface RunOptions {
  readonly input?: string;
  readonly timeoutMs?: number;
}

/** A text is taken apart at its blanks. */
export type Arguments = string | readonly string[];

/** A whole Kubernetes with one real node, in namespaces of its own on this machine. */
export interface NodeCluster {
  readonly nodeName: string;
  /** Everything of it on the disk; logs in gpu-profiler-PART-…/PART.log, those of pods in log/pods. */
  readonly folder: string;
  /** The node's address, for ports of the node: reached by `forward`. */
  readonly nodeAddress: string;
  /** The administrator's, for programs on this machine. */
  readonly kubeconfig: string;
  readonly admin: ApiClient;
  /** How the administrator gets in. */
  readonly access: ApiAccess;
  /** JSON lines, for `readAuditLog`. */
  readonly auditLog: string;
  readonly gpuUuids: readonly string[];
  /** The node's driver library: `rewrite` changes what its GPUs say. */
  readonly driver: PlacedStandin;
  /** kubectl as administrator; stdout, or an error with what it said. */
  kubectl(args: Arguments, options?: RunOptions): Promise<string>;
  helm(args: Arguments, options?: RunOptions): Promise<string>;
  /** Runs a command inside the node's namespaces. */
  exec(command: string, args: readonly string[], options?: RunOptions): Promise<CommandResult>;
  /** Puts the images of a docker-archive on the node. */
  importImage(archive: string): Promise<void>;
  /** A port on this machine's 127.0.0.1 that leads to an address (`10.244.0.1:9090`) inside; returns `127.0.0.1:PORT`. */
  forward(target: string): Promise<string>;
  /** SIGTERM and a fresh start. */
  restart(service: NodeService): Promise<void>;
  /** Each nth request that pods send to the API server over new connections fails (500, 503), none for 0; tells what was counted so far. */
  failEvery(nth: number): Promise<FaultCounts>;
  stop(): Promise<void>;
}

const defaultDriver: StandinScript = { devices: 4 };

/** Starts the cluster; ready when its node is (15 s on two cores, with all parts made). */
export async function startNodeCluster(options: NodeClusterOptions = {}): Promise<NodeCluster> {
  const say = options.progress ?? (() => undefined);
  const parts = await findParts();
  const folder = mkdtempSync(join(tmpdir(), 'gpu-profiler-node-'));
  const forwards: Forward[] = [];
  let inside: InsideProcess | undefined;
  const stop = async (): Promise<void> => {
    for (const forward of forwards.splice(0)) forward.close();
    await inside?.stop();
  };
  try {
    const driverFolder = join(folder, 'driver');
    mkdirSync(driverFolder);
    const script = options.driver ?? defaultDriver;
    const driver = await placeStandin(driverFolder, script);
    chmodSync(driverFolder, 0o755);
    const gpuUuids = uuidsOf(script);
    const plan: NodePlan = {
      folder,
      nodeName: options.nodeName ?? 'gpu-node-1',
      apiPort: await freePort(),
      parts,
      pauseArchive: await packPauseImage(folder),
      gpuUuids,
      driverLibrary: driver.library,
    };
    writeFileSync(join(folder, planFileName), JSON.stringify(plan, null, 2));
    inside = enterNamespaces(plan, say);
    const info = await inside.ready;
    const forward = async (target: string, port?: number): Promise<string> => {
      const opened = await openForward(folder, target, port);
      forwards.push(opened);
      return opened.address;
    };
    await forward(`127.0.0.1:${plan.apiPort}`, plan.apiPort);
    const kubeconfig = join(folder, 'kubeconfig');
    await writeKubeconfig(kubeconfig, info);
    const own = [`--kubeconfig=${kubeconfig}`];
    const node = inside;
    const exec: NodeCluster['exec'] = (command, args, { timeoutMs = 60_000, input } = {}) =>
      node.ask('exec', { command, args, timeoutMs, ...(input === undefined ? {} : { input }) });
    return {
      nodeName: plan.nodeName,
      folder,
      nodeAddress: addresses.node,
      kubeconfig,
      admin: new ApiClient(info),
      access: info,
      auditLog: info.auditLog,
      gpuUuids,
      driver,
      kubectl: (args, run) =>
        runTool(
          'kubectl',
          [...own, `--cache-dir=${join(folder, 'kubectl')}`, ...wordsOf(args)],
          run,
        ),
      helm: (args, run) => runTool('helm', [...own, ...wordsOf(args)], run),
      exec,
      importImage: async (archive) => {
        const where = ['--address=/run/containerd/containerd.sock', '--namespace=k8s.io'];
        const imported = await exec(parts.ctr, [...where, 'images', 'import', archive], {
          timeoutMs: 300_000,
        });
        if (imported.code !== 0) throw new Error(`ctr images import: ${failureOf(imported)}`);
      },
      forward,
      restart: async (service) => void (await node.ask('restart', { service })),
      failEvery: (nth) => node.ask('faults', { every: nth }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function wordsOf(args: Arguments): readonly string[] {
  return typeof args === 'string' ? args.split(' ').filter((word) => word !== '') : args;
}

async function findParts(): Promise<Record<NodeClusterPart, string>> {
  const found: [string, string][] = [];
  for (const name of nodeClusterParts) found.push([name, await findPart(name)]);
  return Object.fromEntries(found) as Record<NodeClusterPart, string>;
}

async function runTool(
  part: PartName,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { timeoutMs = 60_000, input } = options;
  const result = await runCommand(await findPart(part), args, {
    timeoutMs,
    ...(input === undefined ? {} : { input }),
  });
  if (result.code !== 0) throw new Error(`${part} ${args.join(' ')}: ${failureOf(result)}`);
  return result.stdout;
}

function uuidsOf(script: StandinScript): string[] {
  return Array.from({ length: script.devices ?? 1 }, (_, index) => {
    const own = script.gpus?.[index]?.uuid;
    return own ?? `GPU-00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
  });
}
