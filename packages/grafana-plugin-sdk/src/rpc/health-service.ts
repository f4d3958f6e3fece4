import { once } from 'node:events';
import { create } from '@bufbuild/protobuf';
import { status, type UntypedServiceImplementation } from '@grpc/grpc-js';
import {
  HealthCheckResponse_ServingStatus as ServingStatus,
  HealthCheckResponseSchema,
  type HealthCheckRequest,
  type HealthCheckResponse,
} from '../generated/health-pb.js';
import { serverStream, type Ground } from './handle.ts';
import type { handleUnaryCall } from '@grpc/grpc-js';

/** The whole server, and what go-plugin's host pings. */
const NAMES: readonly string[] = ['', 'plugin'];

const check: handleUnaryCall<HealthCheckRequest, HealthCheckResponse> = ({ request }, callback) => {
  if (NAMES.includes(request.service)) {
    callback(null, create(HealthCheckResponseSchema, { status: ServingStatus.SERVING }));
  } else {
    callback({ code: status.NOT_FOUND, details: `unknown service ${request.service}` });
  }
};

export function healthService(ground: Ground): UntypedServiceImplementation {
  return {
    check,
    watch: serverStream<HealthCheckRequest, HealthCheckResponse>(
      ground,
      'endless',
      async ({ service }, send, { signal }) => {
        const known = NAMES.includes(service) ? ServingStatus.SERVING : ServingStatus.SERVICE_UNKNOWN;
        await send(create(HealthCheckResponseSchema, { status: known }), 0);
        if (!signal.aborted) await once(signal, 'abort');
      },
    ),
  };
}
