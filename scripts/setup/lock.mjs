import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const heartbeatMs = 10_000;
const staleAfterMs = 120_000;
const pollMs = 250;

/**
 * Runs `action` while holding the lock file, so that no other process does the same work at the same time.
 * The file names its owner; a lock whose owner has ended, or has not touched it for two minutes, is broken.
 */
export async function withLock(file, { onWait }, action) {
  mkdirSync(dirname(file), { recursive: true });
  const mine = JSON.stringify({
    host: hostname(),
    pid: process.pid,
    started: startTimeOf(process.pid),
  });
  let told = false;
  while (!tryTake(file, mine)) {
    const owner = readOwner(file);
    if (owner === undefined) continue;
    if (isStale(file, owner)) {
      breakLock(file, owner);
      continue;
    }
    if (!told) onWait?.(JSON.parse(owner).pid);
    told = true;
    await sleep(pollMs);
  }
  const heartbeat = setInterval(() => touch(file), heartbeatMs);
  heartbeat.unref();
  try {
    return await action();
  } finally {
    clearInterval(heartbeat);
    if (readOwner(file) === mine) rmSync(file, { force: true });
  }
}

/** The file appears with its content or not at all: a link to a finished file either works or says EEXIST. */
function tryTake(file, content) {
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function readOwner(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isStale(file, owner) {
  let parsed;
  try {
    parsed = JSON.parse(owner);
  } catch {
    return true;
  }
  if (parsed.host === hostname() && startTimeOf(parsed.pid) !== parsed.started) return true;
  try {
    return Date.now() - statSync(file).mtimeMs > staleAfterMs;
  } catch {
    return false;
  }
}

/** Takes the file away; when another process was faster and the file is a new owner's by now, it is put back. */
function breakLock(file, staleOwner) {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  try {
    if (readFileSync(aside, 'utf8') !== staleOwner) linkSync(aside, file);
  } catch {
    // A third process took the lock in between: it holds it now.
  } finally {
    rmSync(aside, { force: true });
  }
}

function touch(file) {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // The lock was broken by someone who thought us dead; the work goes on, its results are put in place atomically.
  }
}

/** When the process started, in the kernel's ticks: tells a process from a later one with the same id. `undefined`: no such process. */
function startTimeOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    // No /proc (macOS): being alive is all that can be asked.
    try {
      process.kill(pid, 0);
      return 'alive';
    } catch (error) {
      return error.code === 'EPERM' ? 'alive' : undefined;
    }
  }
}
