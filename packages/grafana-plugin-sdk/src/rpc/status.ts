import { create, toBinary } from '@bufbuild/protobuf';
import { Metadata, status, type StatusObject } from '@grpc/grpc-js';
import { ErrorInfoSchema, StatusSchema } from '../generated/rpc-status-pb.js';
import { QueryError } from '../query-error.ts';

const ERROR_INFO = 'type.googleapis.com/google.rpc.ErrorInfo';

/** Grafana reads the source of an error that fails a whole call from the details of its gRPC status. */
function details({ message, source }: QueryError): Buffer {
  const info = create(ErrorInfoSchema, { metadata: { errorSource: source } });
  const value = toBinary(ErrorInfoSchema, info);
  const whole = create(StatusSchema, { code: status.UNKNOWN, message, details: [{ typeUrl: ERROR_INFO, value }] });
  return Buffer.from(toBinary(StatusSchema, whole));
}

/** What a thrown error is to the host. */
export function statusOf(thrown: unknown, signal: AbortSignal): StatusObject {
  const metadata = new Metadata();
  if (signal.aborted) return { code: status.CANCELLED, details: 'the call was cancelled', metadata };
  const error = QueryError.from(thrown);
  if (error === thrown) metadata.set('grpc-status-details-bin', details(error));
  return { code: status.UNKNOWN, details: error.message, metadata };
}
