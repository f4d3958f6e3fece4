import { create } from '@bufbuild/protobuf';
import type { handleBidiStreamingCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import { ConnInfoSchema, type ConnInfo } from '../generated/go-plugin-pb.js';
import type { Ground } from './handle.ts';

/**
 * The host opens it at once, for connections beside the main one. Grafana's protocol has none, so the stream is only
 * held; a knock (which asks for a connection on the main one) is refused.
 */
export function brokerService({ calls }: Ground): UntypedServiceImplementation {
  const startStream: handleBidiStreamingCall<ConnInfo, ConnInfo> = (stream) => {
    void calls.run('endless', async (signal) => {
      await new Promise<void>((resolve) => {
        stream.on('data', ({ serviceId, knock }: ConnInfo) => {
          if (knock?.knock !== true) return;
          const refusal = { ack: false, error: 'no connections beside the main one' };
          stream.write(create(ConnInfoSchema, { serviceId, knock: refusal }));
        });
        stream.on('end', resolve).on('cancelled', resolve).on('error', resolve);
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      stream.end();
    });
  };
  return { startStream };
}
