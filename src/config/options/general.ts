import { modes, type OptionTable } from '../option-spec.ts';

export const generalOptions = {
  'config.file': {
    type: 'file',
    default: null,
    group: 'General',
    modes,
    places: ['flag', 'environment'],
    description:
      'YAML file with any of these options, nested at the dots (`web: {listen-address: ":9876"}`). One file may serve all commands: keys of another command are checked, then left alone.',
  },
  'log.level': {
    type: 'enum',
    values: ['debug', 'info', 'warn', 'error'],
    default: 'info',
    group: 'General',
    modes,
    description: 'Lowest level that is logged. Logs go to stderr.',
  },
  'log.format': {
    type: 'enum',
    values: ['text', 'json'],
    default: 'text',
    group: 'General',
    modes,
    description: 'text for people; json, one object per line, for log collectors.',
  },
  'print-config': {
    type: 'boolean',
    default: false,
    group: 'General',
    modes,
    places: ['flag'],
    description:
      'Print the configuration as it would be used, with the origin of each value, and stop. The output is a valid file for --config.file; secrets are left out.',
  },
  help: {
    type: 'boolean',
    default: false,
    group: 'General',
    modes,
    places: ['flag'],
    description: 'Show the help of the command and stop.',
  },
  version: {
    type: 'boolean',
    default: false,
    group: 'General',
    modes,
    places: ['flag'],
    description: 'Show the version and stop.',
  },
} as const satisfies OptionTable;
