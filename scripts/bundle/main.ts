// The program behind `npm run bundle`.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import packageFile from '../../package.json' with { type: 'json' };
import { messageOf } from '../../src/lib/errors.ts';
import { makeBundle } from './make-bundle.ts';

const name = `gpu-profiler-${packageFile.version}-${process.platform}-${process.arch}`;
const help = `npm run bundle -- [--out FILE.tar.gz]

Packs the program for a machine without Kubernetes, Docker or Node: the command gpu-profiler, what it loads, Node itself,
the systemd unit, licences and the bill of materials, in one folder for the platform on which this runs.

  --out FILE.tar.gz   where to write it (default ${name}.tar.gz in the current folder)
  --help              this text

The same sources give the same file. SOURCE_DATE_EPOCH sets the date in it (default: that of the last commit).

Example:
  npm run bundle -- --out /tmp/gpu-profiler.tar.gz
Next, on the machine (manifests/systemd/README.md, also in the bundle, tells the rest):
  sudo mkdir -p /opt/gpu-profiler && sudo tar -xzf gpu-profiler.tar.gz -C /opt/gpu-profiler --strip-components=1
  sudo ln -s /opt/gpu-profiler/gpu-profiler /usr/local/bin/gpu-profiler
  gpu-profiler standalone
`;

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function parse(): { out?: string; help?: boolean } | string {
  try {
    return parseArgs({
      options: { out: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    }).values;
  } catch (error) {
    return messageOf(error);
  }
}

const values = parse();
if (typeof values === 'string') {
  say(`bundle: ${values}\nNext step: npm run bundle -- --help shows all flags.`);
  process.exitCode = 2;
} else if (values.help === true) {
  process.stdout.write(help);
} else {
  try {
    const out = resolve(values.out ?? `${name}.tar.gz`);
    const bytes = await makeBundle({ name, out, say });
    say(`bundle: ${out}, ${(bytes / 1e6).toFixed(1)} MB`);
  } catch (error) {
    say(`bundle: ${messageOf(error)}`);
    process.exitCode = 1;
  }
}
