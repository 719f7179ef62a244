/** Whether all that was written to a socket is with the operating system. */
import type { Socket } from "node:net";

interface Handle {
  writeQueueSize?: number;
  /** Of a TLS socket: the handle that carries the encrypted bytes. */
  _parent?: Handle;
}

interface QueuedSocket extends Socket {
  _handle: Handle | null;
  _writableState: { bufferedRequestCount: number };
}

/**
 * True when nothing is left in the stream's or in libuv's queue. A TLS socket encrypts and hands over within the write,
 * but tells of its completion in a later turn of the loop: what counts is the handle that carries it.
 */
export function isFlushed(socket: Socket): boolean {
  const { _handle: handle, _writableState: state } = socket as QueuedSocket;
  const carrier = handle?._parent;
  if (carrier) return state.bufferedRequestCount === 0 && !carrier.writeQueueSize;
  return socket.writableLength === 0 && !handle?.writeQueueSize;
}
