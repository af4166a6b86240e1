// `node mount-driver.ts DRIVER_FOLDER RUNC ARGUMENTS…`: what the NVIDIA container runtime does to a container that asks for
// GPUs by NVIDIA_VISIBLE_DEVICES with the capability `utility`: the driver library of the node is mounted into it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Specification {
  process: { env: string[] };
  mounts: { destination: string; type: string; source: string; options: string[] }[];
}

const inContainer = '/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1';
/** The values of the stand-in are in a file beside it, which is replaced as a whole: the folder must be mounted. */
const valuesFolder = '/run/driver-standin';

const [driverFolder = '', ...args] = process.argv.slice(2);
const bundle = args[args.findIndex((arg) => arg === '--bundle' || arg === '-b') + 1] ?? '';
const file = join(bundle, 'config.json');
const specification = JSON.parse(readFileSync(file, 'utf8')) as Specification;

const variable = (name: string): string =>
  specification.process.env
    .findLast((line) => line.startsWith(`${name}=`))
    ?.slice(name.length + 1) ?? '';
const devices = variable('NVIDIA_VISIBLE_DEVICES');
const capabilities = variable('NVIDIA_DRIVER_CAPABILITIES').split(',');

if (
  !['', 'void', 'none'].includes(devices) &&
  (capabilities.includes('utility') || capabilities.includes('all'))
) {
  const bind = (source: string, destination: string): void => {
    specification.mounts.push({
      destination,
      type: 'bind',
      source,
      options: ['ro', 'rbind', 'nosuid', 'nodev'],
    });
  };
  bind(join(driverFolder, 'libnvidia-ml.so.1'), inContainer);
  bind(driverFolder, valuesFolder);
  specification.process.env.push(`NVML_STANDIN_SCRIPT=${valuesFolder}/libnvidia-ml.so.1.script`);
  writeFileSync(file, JSON.stringify(specification));
}
