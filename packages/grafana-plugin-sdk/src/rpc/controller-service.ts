import { create } from '@bufbuild/protobuf';
import type { handleUnaryCall, UntypedServiceImplementation } from '@grpc/grpc-js';
import { EmptySchema, type Empty } from '../generated/go-plugin-pb.js';

/** The host asks for the end, and is answered before it comes. */
export function controllerService(onShutdown: () => void): UntypedServiceImplementation {
  const shutdown: handleUnaryCall<Empty, Empty> = (_call, callback) => {
    callback(null, create(EmptySchema));
    setImmediate(onShutdown);
  };
  return { shutdown };
}
