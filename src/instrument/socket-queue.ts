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
 * True when nothing is left in the stream's or in libuv's queue. Not asked is whether the stream knows: a TLS socket
 * encrypts and hands over within the write, but tells of its completion in a later turn of the loop (what counts is the
 * handle that carries it); and so does libuv where the last of several buffers is empty, as in Node's responses.
 */
export function isFlushed(socket: Socket): boolean {
  const { _handle: handle, _writableState: state } = socket as QueuedSocket;
  if (!handle) return socket.writableLength === 0;
  return state.bufferedRequestCount === 0 && !(handle._parent ?? handle).writeQueueSize;
}
