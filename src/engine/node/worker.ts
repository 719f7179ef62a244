/** A thread of the engine's: the engine itself, or, started in that role, the thread that scans for it. */
import { parentPort, workerData } from "node:worker_threads";
import { answerRequests } from "./answer-requests";
import { isScanRole, scanFiles, useScanThreads } from "./scan-thread";

if (!parentPort) throw new Error("the engine is a worker thread");
if (isScanRole(workerData)) scanFiles(parentPort);
else {
  useScanThreads(__filename);
  answerRequests(parentPort);
}
