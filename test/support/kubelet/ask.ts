import { readFileSync } from 'node:fs';
import { listPodResources } from '../../../src/attribution/kubelet/list-pod-resources.ts';
import { codeOf } from '../../../src/lib/errors.ts';

/**
 * `node ask.ts SOCKET [UID GID]`: asks a kubelet as somebody else, and says how it went and with which capabilities.
 * It becomes that user only when everything is loaded, for the checkout may be readable to its owner alone.
 */
const [socket = '', uid, gid] = process.argv.slice(2);
if (uid !== undefined && gid !== undefined) {
  process.setgroups?.([]);
  process.setgid?.(Number(gid));
  process.setuid?.(Number(uid));
}
const effective = /^CapEff:\s*(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '?';
let outcome: string;
try {
  await listPodResources({
    socket,
    wants: () => true,
    deadlineMs: 5_000,
    signal: new AbortController().signal,
  });
  outcome = 'answered';
} catch (error) {
  outcome = codeOf(error) ?? String(error);
}
process.stdout.write(
  `${outcome}, user ${process.getuid?.()}, capabilities ${BigInt(`0x${effective}`)}`,
);
