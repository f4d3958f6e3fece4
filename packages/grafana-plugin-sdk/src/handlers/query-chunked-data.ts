import type { Frame } from '../frames/frame.ts';
import type { QueryError } from '../query-error.ts';
import type { Call } from './call.ts';
import type { QueryDataRequest } from './query-data.ts';

/** Each write resolves when the host can take more, and rejects when it has given up. */
export interface ChunkWriter {
  /** Rows of a frame. The first of a `frameId` gives its columns; later ones have the same. */
  readonly frame: (refId: string, frameId: string, frame: Frame) => Promise<void>;
  /** Ends one query; the others go on. */
  readonly error: (refId: string, error: QueryError) => Promise<void>;
}

export interface QueryChunkedDataHandler {
  readonly queryChunkedData: (request: QueryDataRequest, writer: ChunkWriter, call: Call) => Promise<void>;
}
