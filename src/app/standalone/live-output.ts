import type { KeyInput, TextOutput } from '../app-context.ts';
import { withoutControls } from '../../lib/control-characters.ts';
import { frameHeader } from './frame-header.ts';
import { liveLayout } from './live-layout.ts';
import type { Frame, Output } from './output.ts';
import { createScreen } from './screen.ts';
import { keyActions, scrolled } from './scroll-keys.ts';
import { styled } from './styled-line.ts';
import { tableOf } from './table.ts';

export interface LiveOutputParts {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  readonly keys: KeyInput;
  /** Asked for by `q` or Ctrl-C. */
  readonly quit: () => void;
}

/** Lines of the log that are kept; the newest of them stand below the table. */
const keptLogLines = 200;
const footerLines = 4;

/** In place, each second. The log has a footer of the newest lines; the rest is written when the table has ended. */
export function liveOutput({ stdout, stderr, keys, quit }: LiveOutputParts): Output {
  const screen = createScreen(stdout);
  const log: string[] = [];
  let dropped = 0;
  let offset = 0;
  let room = 1;
  let newest: Frame | null = null;
  const draw = (): void => {
    if (newest === null) return;
    const { gpus, utilSeconds } = newest;
    const rows = gpus.map((gpu) => ({ gpu, utilSeconds: utilSeconds(gpu.uuid) }));
    const layout = liveLayout(
      {
        header: frameHeader(newest, stdout.columns),
        table: tableOf(rows, stdout.columns),
        log: log.slice(-footerLines).map((line) => styled(withoutControls(line.trim()), 'faint')),
      },
      stdout.rows,
      offset,
    );
    ({ offset, room } = layout);
    screen.draw(layout.lines);
  };
  const leaveKeys = keys.listen((input) => {
    for (const action of keyActions(input)) {
      if (action.kind === 'quit') quit();
      offset = scrolled(offset, action, room);
    }
    draw();
  });
  return {
    tick: (frame) => {
      newest = frame;
      draw();
    },
    cycle: () => undefined,
    log: (line) => {
      // Before the first table and after the last one there is nothing to disturb.
      if (newest === null) {
        stderr.write(line);
        return;
      }
      log.push(line);
      if (log.length > keptLogLines) {
        log.shift();
        dropped += 1;
      }
      draw();
    },
    end: () => {
      leaveKeys();
      newest = null;
      screen.end();
      if (dropped > 0) stderr.write(`(${dropped} older lines of the log are not shown)\n`);
      for (const line of log) stderr.write(line);
      log.length = 0;
    },
  };
}
