// The program behind `npm run image`.
import packageFile from '../../package.json' with { type: 'json' };
import { CodedError, messageOf, UsageError } from '../../src/lib/errors.ts';
import { buildImage } from './build-image.ts';
import { help, parseOptions } from './options.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

try {
  const options = parseOptions(process.argv.slice(2), packageFile.version);
  if (options === 'help') process.stdout.write(help);
  else {
    const built = await buildImage(options, say);
    process.stdout.write(`${JSON.stringify(built)}\n`);
  }
} catch (error) {
  say(`image: ${messageOf(error)}`);
  if (error instanceof CodedError && error.hint !== undefined) say(`Next step: ${error.hint}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
