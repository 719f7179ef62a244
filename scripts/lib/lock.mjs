// One holder at a time, between processes: a folder whose making is atomic, with the holder's process id inside.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Of what drives a VS Code in a browser: two at a time would only make each other wait until both run out of time. */
export const windowLock = join(tmpdir(), "request-timeline-window.lock");

/** Nothing here takes longer: an older lock's process id belongs to another process by now. */
const STALE_MS = 30 * 60_000;

/** @param {number} pid */
function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

/** @param {string} folder */
function holder(folder) {
  try {
    return Number(readFileSync(join(folder, "pid"), "utf8"));
  } catch {
    return 0;
  }
}

/** @param {string} folder */
function stale(folder) {
  try {
    return Date.now() - statSync(folder).mtimeMs > STALE_MS;
  } catch {
    return false;
  }
}

/**
 * Runs `work` while holding the lock; a lock whose holder is dead is taken over.
 * @template T
 * @param {string} folder
 * @param {() => T | Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(folder, work) {
  mkdirSync(dirname(folder), { recursive: true });
  for (let waited = 0; ; waited++) {
    try {
      mkdirSync(folder);
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    }
    const pid = holder(folder);
    // No id yet: the holder is about to write it; an id that never comes is a holder that died in between.
    if (stale(folder) || (pid ? !alive(pid) : waited > 20))
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    else {
      if (waited === 4) console.log(`waiting for process ${pid}, which has ${folder}`);
      await sleep(250);
    }
  }
  try {
    writeFileSync(join(folder, "pid"), String(process.pid));
    return await work();
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
