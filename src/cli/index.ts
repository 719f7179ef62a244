/**
 * What dist/cli.js runs. In the main thread it is the command; in a worker thread, which dist/engine.js starts, it is the
 * engine, or scans for it: the command needs the engine too, and a second copy would make the package a tenth larger.
 */
import { isMainThread } from "node:worker_threads";
import { useScanThreads } from "../engine/node/scan-thread";

if (isMainThread) {
  useScanThreads(__filename);
  import("./main");
} else import("../engine/node/worker");
