import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { say } from './project.mjs';

/** Runs a set-up command with its output on stderr and a line now and then while it lasts. Resolves to its exit code. */
export function runQuietly(what, command, args, options) {
  return new Promise((resolve) => {
    const startedMs = Date.now();
    const stillRunning = setInterval(() => {
      say(`  ${what}: still at it, ${Math.round((Date.now() - startedMs) / 1000)} s`);
    }, 15_000);
    const child = spawn(command, args, { stdio: ['ignore', 2, 2], ...options });
    const stopForwarding = forwardSignals(child);
    const finish = (code) => {
      clearInterval(stillRunning);
      stopForwarding();
      resolve(code);
    };
    child.on('error', (error) => {
      say(`  ${what}: ${error.message}`);
      finish(127);
    });
    child.on('exit', (code, signal) => finish(exitCodeOf(code, signal)));
  });
}

/** Runs a program in this one's place: its own terminal, signals passed on. Resolves to its exit code. */
export function runInPlace(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    const stopForwarding = forwardSignals(child);
    child.on('error', (error) => {
      stopForwarding();
      say(`${command}: ${error.message}`);
      resolve(127);
    });
    child.on('exit', (code, signal) => {
      stopForwarding();
      resolve(exitCodeOf(code, signal));
    });
  });
}

export function exitCodeOf(code, signal) {
  return code ?? 128 + (constants.signals[signal] ?? 0);
}

/**
 * Passes signals on to the child, each kind once within a second: npm and the terminal may both send the same one.
 * A terminal's Ctrl-C reaches the child by itself, so SIGINT is passed on only where there is no terminal.
 */
function forwardSignals(child) {
  const lastMs = new Map();
  const forward = (signal) => {
    const nowMs = Date.now();
    if (signal === 'SIGINT' && hasTerminal()) return;
    if (nowMs - (lastMs.get(signal) ?? 0) < 1000) return;
    lastMs.set(signal, nowMs);
    child.kill(signal);
  };
  const kinds = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const kind of kinds) process.on(kind, forward);
  return () => {
    for (const kind of kinds) process.off(kind, forward);
  };
}

function hasTerminal() {
  return [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
}
