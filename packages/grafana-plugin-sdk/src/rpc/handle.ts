import type { handleServerStreamingCall, handleUnaryCall, Metadata, ServerWritableStream } from '@grpc/grpc-js';
import type { Call } from '../handlers/call.ts';
import type { Logger } from '../process/logger.ts';
import type { CallKind, Calls } from './calls.ts';
import { statusOf } from './status.ts';

/** What the services stand on. */
export interface Ground {
  readonly calls: Calls;
  readonly log: Logger;
}

const LOG_FIELDS = 'loggerParamsCtxMetadata';
/** So much may wait in a stream before its sender does. */
const MAX_WAITING_BYTES = 256 * 1024;

/** The host may send fields for the log along: `name:::value`. */
function callLog(log: Logger, metadata: Metadata): Logger {
  const pairs = metadata.get(LOG_FIELDS).map((entry) => String(entry).split(':::'));
  const fields = pairs.flatMap(([name, value]) => (name && value ? [[name, value] as const] : []));
  return fields.length === 0 ? log : log.with(Object.fromEntries(fields));
}

function logFailure(error: unknown, { log, signal }: Call, method: string): void {
  if (!signal.aborted) log.error('a call failed', { method, error });
}

export type RunUnary<Request, Response> = (request: Request, call: Call) => Promise<Response>;

export function unary<Request, Response>(
  { calls, log }: Ground,
  run: RunUnary<Request, Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    void calls.run('finite', async (signal, cancel) => {
      call.on('cancelled', cancel);
      const own: Call = { signal, log: callLog(log, call.metadata) };
      try {
        callback(null, await run(call.request, own));
      } catch (error) {
        logFailure(error, own, call.getPath());
        callback(statusOf(error, signal));
      }
    });
  };
}

/** Sends one message; resolves when the stream can take another. `bytes` is about its size. */
export type Send<Response> = (message: Response, bytes: number) => Promise<void>;
export type RunStream<Request, Response> = (request: Request, send: Send<Response>, call: Call) => Promise<void>;

function sender<Response>(stream: ServerWritableStream<unknown, Response>, signal: AbortSignal): Send<Response> {
  let waitingBytes = 0;
  let wake: (() => void)[] = [];
  const wakeAll = (): void => {
    const woken = wake;
    wake = [];
    for (const resolve of woken) resolve();
  };
  signal.addEventListener('abort', wakeAll, { once: true });
  return async (message, bytes) => {
    signal.throwIfAborted();
    waitingBytes += bytes;
    stream.write(message, () => {
      waitingBytes -= bytes;
      if (waitingBytes <= MAX_WAITING_BYTES) wakeAll();
    });
    while (waitingBytes > MAX_WAITING_BYTES && !signal.aborted) {
      await new Promise<void>((resolve) => wake.push(resolve));
    }
    signal.throwIfAborted();
  };
}

export function serverStream<Request, Response>(
  { calls, log }: Ground,
  kind: CallKind,
  run: RunStream<Request, Response>,
): handleServerStreamingCall<Request, Response> {
  return (stream) => {
    void calls.run(kind, async (signal, cancel) => {
      stream.on('cancelled', cancel);
      const own: Call = { signal, log: callLog(log, stream.metadata) };
      try {
        await run(stream.request, sender(stream, signal), own);
        stream.end();
      } catch (error) {
        logFailure(error, own, stream.getPath());
        // The library's way to end a stream with a status; destroying it would send none.
        stream.emit('error', statusOf(error, signal));
      }
    });
  };
}
