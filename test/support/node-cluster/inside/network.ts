import { writeFileSync } from 'node:fs';
import { addresses } from '../plan.ts';
import { runOrThrow } from './run-or-throw.ts';

export const bridge = 'cni0';

/** The bridge of the pods, with the node's own address: kubelet and API server need one that is not loopback. */
export async function setUpNetwork(): Promise<void> {
  await runOrThrow('ip', ['link', 'add', bridge, 'type', 'bridge']);
  await runOrThrow('ip', ['address', 'add', `${addresses.node}/24`, 'dev', bridge]);
  await runOrThrow('ip', ['link', 'set', bridge, 'up']);
  // Only so that a route exists: the rules of kube-proxy send these packets elsewhere.
  await runOrThrow('ip', ['route', 'add', addresses.services, 'dev', bridge]);
  writeFileSync('/proc/sys/net/ipv4/ip_forward', '1');
}

/** The network of a pod, as the container runtime asks the network plugins for it. */
export const podNetwork = {
  cniVersion: '1.0.0',
  name: 'pods',
  plugins: [
    {
      type: 'bridge',
      bridge,
      isGateway: true,
      ipMasq: true,
      hairpinMode: true,
      ipam: {
        type: 'host-local',
        ranges: [[{ subnet: addresses.pods }]],
        routes: [{ dst: '0.0.0.0/0' }],
      },
    },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
} as const;
