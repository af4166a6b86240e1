import { load, YAMLException } from 'js-yaml';
import { messageOf, UsageError } from '../lib/errors.ts';

/**
 * The value that a YAML text holds; null when it holds nothing.
 * @throws {UsageError} with the file and the line when it is not YAML.
 */
export function parseYaml(text: string, path: string): unknown {
  // The parser takes a file without any key for an error.
  if (text.split('\n').every(holdsNothing)) return null;
  try {
    return load(text, { filename: path });
  } catch (error) {
    const isYaml = error instanceof YAMLException;
    const line = isYaml && error.mark !== undefined ? `:${error.mark.line + 1}` : '';
    throw new UsageError(
      `${path}${line} is not valid YAML: ${isYaml ? error.reason : messageOf(error)}`,
      {
        cause: error,
        hint: 'Check the indentation and the quotes around that line.',
      },
    );
  }
}

/** A blank line, a comment, or the mark between documents. */
function holdsNothing(line: string): boolean {
  const text = line.trim();
  return text === '' || text === '---' || text.startsWith('#');
}
