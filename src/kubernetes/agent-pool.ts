import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';

import type { Credentials } from './client.ts';

export interface AgentPool {
  /** The agent for these credentials: the same one as long as certificates stay the same, so that connections are shared. */
  for(credentials: Credentials): HttpAgent;
  /** A connection went silent: later requests take new ones. Requests under way are left to their own time-outs. */
  replace(): void;
  destroy(): void;
}

/** Keep-alive connections to the API server; client-node would open one per request. */
export function createAgentPool(maxSockets: number): AgentPool {
  let agent: HttpAgent | undefined;
  let madeFor = '';

  const retire = (): void => {
    if (agent === undefined) return;
    agent.maxFreeSockets = 0;
    for (const sockets of Object.values(agent.freeSockets)) {
      for (const socket of sockets ?? []) socket.destroy();
    }
    agent = undefined;
  };

  return {
    for: (credentials) => {
      if (credentials.proxyAgent !== undefined) return credentials.proxyAgent;
      const key = JSON.stringify([credentials.server, credentials.tls]);
      if (agent !== undefined && key === madeFor) return agent;
      retire();
      const options = { keepAlive: true, maxSockets, maxFreeSockets: maxSockets } as const;
      agent = credentials.server.startsWith('https:')
        ? new HttpsAgent({ ...options, ...credentials.tls })
        : new HttpAgent(options);
      madeFor = key;
      return agent;
    },
    replace: retire,
    destroy: () => {
      agent?.destroy();
      agent = undefined;
    },
  };
}
