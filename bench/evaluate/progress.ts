interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Tells how far the work is: in place on a terminal, each tenth of it elsewhere. */
export function progressTo(output: ProgressOutput): (done: number, all: number) => void {
  let tenth = 0;
  return (done, all) => {
    if (output.isTTY === true) {
      output.write(`\revaluate: ${done} of ${all}${done === all ? '\n' : ''}`);
      return;
    }
    const now = Math.floor((10 * done) / all);
    if (now === tenth) return;
    tenth = now;
    output.write(`evaluate: ${10 * now} %\n`);
  };
}
