import { rmSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { call, serve, type GrpcServer, type Method } from './grpc.ts';
import { encode, messagesOf } from './protobuf.ts';

export interface DevicePluginOptions {
  /** `nvidia.com/gpu` */
  readonly resource: string;
  /** Ids of the devices, all healthy. */
  readonly devices: readonly string[];
  /** The kubelet's: /var/lib/kubelet/device-plugins. */
  readonly folder: string;
}

export interface DevicePlugin {
  /** How often a kubelet has been told the devices: once after each of its starts. */
  timesOffered(): number;
  stop(): Promise<void>;
}

const socketName = 'gpu-profiler-test.sock';

/**
 * Offers devices to the kubelet (device plugin API v1beta1), as NVIDIA's plugin does: a container that gets some finds their ids in
 * NVIDIA_VISIBLE_DEVICES. Registers again after each start of the kubelet, which forgets its plugins and removes their sockets.
 */
export async function startDevicePlugin(options: DevicePluginOptions): Promise<DevicePlugin> {
  const stopped = new AbortController();
  let offered = 0;
  const own = methods(options.devices, () => (offered += 1), stopped.signal);
  let server = await serveAndRegister(options, own);
  let registeredWith = kubeletSocket(options.folder);
  const watch = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await sleep(300);
      const now = kubeletSocket(options.folder);
      if (now === undefined || now === registeredWith || stopped.signal.aborted) continue;
      try {
        server.close();
        server = await serveAndRegister(options, own);
        registeredWith = now;
      } catch {
        // The socket is there before the kubelet listens on it: again in a moment.
      }
    }
  };
  const watching = watch();
  return {
    timesOffered: () => offered,
    stop: async () => {
      stopped.abort();
      await watching;
      server.close();
    },
  };
}

/** Tells one start of the kubelet from the next. */
function kubeletSocket(folder: string): string | undefined {
  const found = statSync(join(folder, 'kubelet.sock'), { throwIfNoEntry: false });
  return found === undefined ? undefined : `${found.ino} ${found.ctimeMs}`;
}

async function serveAndRegister(
  { resource, folder }: DevicePluginOptions,
  own: Readonly<Record<string, Method>>,
): Promise<GrpcServer> {
  const socket = join(folder, socketName);
  rmSync(socket, { force: true });
  const server = await serve(socket, own);
  try {
    const request = encode([
      [1, 'v1beta1'],
      [2, socketName],
      [3, resource],
    ]);
    await call(join(folder, 'kubelet.sock'), '/v1beta1.Registration/Register', request);
    return server;
  } catch (error) {
    server.close();
    throw error;
  }
}

function methods(
  devices: readonly string[],
  onOffer: () => void,
  stopped: AbortSignal,
): Readonly<Record<string, Method>> {
  return {
    '/v1beta1.DevicePlugin/GetDevicePluginOptions': async (_request, send) => send(Buffer.alloc(0)),
    '/v1beta1.DevicePlugin/ListAndWatch': async (_request, send, closed) => {
      send(
        encode(
          devices.map((id) => [
            1,
            encode([
              [1, id],
              [2, 'Healthy'],
            ]),
          ]),
        ),
      );
      onOffer();
      // Nothing ever changes: the stream ends with the kubelet or with us.
      await new Promise<void>((resolve) => {
        AbortSignal.any([closed, stopped]).addEventListener('abort', () => resolve());
      });
    },
    '/v1beta1.DevicePlugin/Allocate': async (request, send) => {
      const responses = messagesOf(request, 1).map((container) => {
        const ids = messagesOf(container, 1).map((id) => id.toString('utf8'));
        const entry = encode([
          [1, 'NVIDIA_VISIBLE_DEVICES'],
          [2, ids.join(',')],
        ]);
        return [1, encode([[1, entry]])] as const;
      });
      send(encode(responses));
    },
    '/v1beta1.DevicePlugin/PreStartContainer': async (_request, send) => send(Buffer.alloc(0)),
  };
}
