import { create, type MessageInitShape } from '@bufbuild/protobuf';
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { frameToArrow } from '../frames/arrow.ts';
import type { Frame } from '../frames/frame.ts';
import {
  QueryChunkedDataResponseSchema,
  QueryDataResponseSchema,
  type DataResponseSchema,
  type QueryChunkedDataRequest,
  type QueryChunkedDataResponse,
  type QueryDataRequest,
  type QueryDataResponse,
} from '../generated/pluginv2-pb.js';
import type { Call } from '../handlers/call.ts';
import type { ChunkWriter, QueryChunkedDataHandler } from '../handlers/query-chunked-data.ts';
import type { QueryDataHandler, QueryResult } from '../handlers/query-data.ts';
import { QueryError } from '../query-error.ts';
import { queryDataRequest } from './convert.ts';
import { serverStream, unary, type Ground, type Send } from './handle.ts';

type DataResponse = MessageInitShape<typeof DataResponseSchema>;

const encode = (frame: Frame, refId: string): Uint8Array => frameToArrow(frame.refId ? frame : { ...frame, refId });

const errorResponse = (error: QueryError, frames: Uint8Array[], status = error.status): DataResponse => ({
  ...{ frames, status, error: error.message, errorSource: error.source },
});

/** A frame that cannot be encoded fails its query alone. */
function dataResponse(refId: string, { frames = [], error, status }: QueryResult, { log }: Call): DataResponse {
  try {
    const encoded = frames.map((frame) => encode(frame, refId));
    return error === undefined ? { frames: encoded, status: status ?? 200 } : errorResponse(error, encoded, status);
  } catch (thrown) {
    log.error('a frame could not be encoded', { refId, error: thrown });
    return errorResponse(QueryError.from(thrown), []);
  }
}

/** The host decodes the frame also beside an error. */
const NO_FRAME = frameToArrow({ fields: [] });

const chunkWriter = (send: Send<QueryChunkedDataResponse>): ChunkWriter => ({
  frame: async (refId, frameId, frame) => {
    const chunk = { refId, frameId, frame: encode(frame, refId), status: 200 };
    await send(create(QueryChunkedDataResponseSchema, chunk), chunk.frame.byteLength);
  },
  error: (refId, { message, status, source }) => {
    const chunk = { refId, frameId: '', frame: NO_FRAME, error: message, status, errorSource: source };
    return send(create(QueryChunkedDataResponseSchema, chunk), NO_FRAME.byteLength);
  },
});

export interface DataHandlers {
  readonly data: QueryDataHandler | undefined;
  readonly chunkedData: QueryChunkedDataHandler | undefined;
}

/** A handler that is missing is left out, which the host is told as unimplemented. */
export function dataService({ data, chunkedData }: DataHandlers, ground: Ground): UntypedServiceImplementation {
  const queryData = unary<QueryDataRequest, QueryDataResponse>(ground, async (message, call) => {
    const results = (await data?.queryData(queryDataRequest(message), call)) ?? new Map<string, QueryResult>();
    const responses = [...results].map(([refId, result]) => [refId, dataResponse(refId, result, call)] as const);
    return create(QueryDataResponseSchema, { responses: Object.fromEntries(responses) });
  });
  const queryChunkedData = serverStream<QueryChunkedDataRequest, QueryChunkedDataResponse>(
    ground,
    'finite',
    async (message, send, call) => {
      await chunkedData?.queryChunkedData(queryDataRequest(message), chunkWriter(send), call);
    },
  );
  return { ...(data && { queryData }), ...(chunkedData && { queryChunkedData }) };
}
