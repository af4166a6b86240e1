// `node main.ts PLAN`: starts the parts of the cluster inside the namespaces and does what the process outside asks for.
// Ends when that process ends: with it ends the first process of the namespaces, and with that all others.
import { readFileSync } from 'node:fs';
import { messageOf } from '../../../../src/lib/errors.ts';
import { runCommand } from '../../parts/run-command.ts';
import type {
  ExecParams,
  MessageFromInside,
  NodeService,
  RequestMessage,
} from '../control-channel.ts';
import type { NodePlan } from '../plan.ts';
import { startForwarder } from './forwarder.ts';
import { startNode, type RunningNode } from './start-node.ts';

const tell = (message: MessageFromInside): void => {
  if (process.connected) process.send?.(message);
};
process.on('disconnect', () => process.exit(1));

let node: RunningNode | undefined;

async function main(): Promise<void> {
  const plan = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as NodePlan;
  await startForwarder(plan.folder);
  node = await startNode(plan, (line) => tell({ kind: 'progress', line }));
  tell({ kind: 'ready', info: node.info });
}

async function answer({ id, method, params }: RequestMessage): Promise<void> {
  try {
    tell({ kind: 'answer', id, value: await perform(method, params) });
  } catch (error) {
    tell({ kind: 'refusal', id, reason: messageOf(error) });
  }
}

async function perform(method: RequestMessage['method'], params: unknown): Promise<unknown> {
  if (method === 'exec') {
    const { command, args, ...options } = params as ExecParams;
    return runCommand(command, args, options);
  }
  if (node === undefined) throw new Error('the node is still starting');
  if (method === 'faults') return node.faultyApi.set((params as { every: number }).every);
  await node.restart((params as { service: NodeService }).service);
  return null;
}

process.on('message', (message) => void answer(message as RequestMessage));
try {
  await main();
} catch (error) {
  tell({ kind: 'failed', reason: messageOf(error) });
}
