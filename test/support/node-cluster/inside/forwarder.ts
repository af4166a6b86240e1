import { createServer, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { forwarderSocketName } from '../plan.ts';

/**
 * A way into the node's network: each connection to the Unix socket says in its first line where it wants to go
 * (`10.244.0.1:9090`), and is that connection from then on.
 */
export async function startForwarder(folder: string): Promise<void> {
  const server = createServer({ pauseOnConnect: true }, forward);
  await new Promise<void>((resolve, reject) => {
    server.on('error', reject);
    server.listen(join(folder, forwarderSocketName), resolve);
  });
}

function forward(socket: Socket): void {
  let head = Buffer.alloc(0);
  const onData = (part: Buffer): void => {
    head = Buffer.concat([head, part]);
    const end = head.indexOf('\n');
    if (end === -1) return;
    socket.off('data', onData);
    socket.pause();
    const [host = '', port = ''] = head.subarray(0, end).toString('utf8').split(':');
    const target = connect({ host, port: Number(port) }, () => {
      target.write(head.subarray(end + 1));
      target.pipe(socket);
      socket.pipe(target);
    });
    target.on('error', () => socket.destroy());
    target.on('close', () => socket.destroy());
    socket.on('close', () => target.destroy());
  };
  socket.on('error', () => socket.destroy());
  socket.on('data', onData);
  socket.resume();
}
