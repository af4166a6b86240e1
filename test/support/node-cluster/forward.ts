import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { forwarderSocketName } from './plan.ts';

export interface Forward {
  /** `127.0.0.1:43210`, on the machine. */
  readonly address: string;
  readonly close: () => void;
}

/** Opens a port on the machine's loopback that leads to an address (`10.244.0.1:9090`) in the node's network. */
export async function openForward(folder: string, target: string, port = 0): Promise<Forward> {
  const open = new Set<Socket>();
  const server: Server = createServer((socket) => {
    open.add(socket);
    const inside = connect(join(folder, forwarderSocketName), () => {
      inside.write(`${target}\n`);
      socket.pipe(inside);
      inside.pipe(socket);
    });
    inside.on('error', () => socket.destroy());
    inside.on('close', () => socket.destroy());
    socket.on('error', () => inside.destroy());
    socket.on('close', () => {
      open.delete(socket);
      inside.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}
