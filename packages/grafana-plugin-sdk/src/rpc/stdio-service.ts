import { once } from 'node:events';
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Empty, StdioData } from '../generated/go-plugin-pb.js';
import { serverStream, type Ground } from './handle.ts';

/** The host listens to it from start to end. Nothing is sent: what a plugin prints becomes log entries on stderr. */
export function stdioService(ground: Ground): UntypedServiceImplementation {
  return {
    streamStdio: serverStream<Empty, StdioData>(ground, 'endless', async (_request, _send, { signal }) => {
      if (!signal.aborted) await once(signal, 'abort');
    }),
  };
}
