import { endianness } from 'node:os';
import { Builder, type Offset } from 'flatbuffers';
import { columnBuffers, type ColumnBuffers } from './arrow-columns.ts';
import { writeSchema } from './arrow-schema.ts';
import { rowCount, type Frame } from './frame.ts';
import { FrameError } from './frame-error.ts';
import { typedColumn } from './typed-values.ts';

/** Numbers of Message.fbs and File.fbs in the Arrow format. */
const VERSION_5 = 4;
const HEADER = { Schema: 1, RecordBatch: 3 } as const;
const ALIGNMENT = 8;

const padded = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

interface Part {
  readonly chunks: readonly Uint8Array[];
  /** Bytes from the length prefix to the end of the header, and of the body. */
  readonly metadataLength: number;
  readonly bodyLength: number;
}

function padding(length: number): Uint8Array {
  return new Uint8Array(padded(length) - length);
}

/** A message: continuation mark, length, header, body; each part at a multiple of eight. */
function message(write: (builder: Builder) => Offset, type: number, body: readonly Uint8Array[] = []): Part {
  const builder = new Builder(1024);
  const header = write(builder);
  const bodyLength = body.reduce((length, chunk) => length + chunk.byteLength, 0);
  builder.startObject(5);
  builder.addFieldInt16(0, VERSION_5, 0);
  builder.addFieldInt8(1, type, 0);
  builder.addFieldOffset(2, header, 0);
  builder.addFieldInt64(3, BigInt(bodyLength), 0n);
  builder.finish(builder.endObject());
  const bytes = builder.asUint8Array();
  const prefix = new DataView(new ArrayBuffer(8));
  prefix.setUint32(0, 0xffffffff);
  prefix.setInt32(4, padded(bytes.byteLength), true);
  return {
    chunks: [new Uint8Array(prefix.buffer), bytes, padding(bytes.byteLength), ...body],
    metadataLength: 8 + padded(bytes.byteLength),
    bodyLength,
  };
}

/** Structs are written last first; so are their members. */
function writeRecordBatch(builder: Builder, rows: number, columns: readonly ColumnBuffers[]): Offset {
  const lengths = columns.flatMap(({ buffers }) => buffers.map(({ byteLength }) => byteLength));
  let end = lengths.reduce((total, length) => total + padded(length), 0);
  builder.startVector(16, lengths.length, 8);
  for (const length of lengths.toReversed()) {
    end -= padded(length);
    builder.prep(8, 16);
    builder.writeInt64(BigInt(length));
    builder.writeInt64(BigInt(end));
  }
  const buffers = builder.endVector();
  builder.startVector(16, columns.length, 8);
  for (const { nullCount } of columns.toReversed()) {
    builder.prep(8, 16);
    builder.writeInt64(BigInt(nullCount));
    builder.writeInt64(BigInt(rows));
  }
  const nodes = builder.endVector();
  builder.startObject(4);
  builder.addFieldInt64(0, BigInt(rows), 0n);
  builder.addFieldOffset(1, nodes, 0);
  builder.addFieldOffset(2, buffers, 0);
  return builder.endObject();
}

function footer(frame: Frame, batchOffset: number, batch: Part): Uint8Array {
  const builder = new Builder(1024);
  const schema = writeSchema(builder, frame);
  builder.startVector(24, 0, 8);
  const dictionaries = builder.endVector();
  builder.startVector(24, 1, 8);
  builder.prep(8, 24);
  builder.writeInt64(BigInt(batch.bodyLength));
  builder.pad(4);
  builder.writeInt32(batch.metadataLength);
  builder.writeInt64(BigInt(batchOffset));
  const batches = builder.endVector();
  builder.startObject(5);
  builder.addFieldInt16(0, VERSION_5, 0);
  builder.addFieldOffset(1, schema, 0);
  builder.addFieldOffset(2, dictionaries, 0);
  builder.addFieldOffset(3, batches, 0);
  builder.finish(builder.endObject());
  return builder.asUint8Array();
}

/**
 * The frame as an Arrow file of one record batch. A frame without rows has its batch too: readers that look for the
 * first one would fail otherwise. Throws a {@link FrameError} on a value that its column cannot hold.
 */
export function frameToArrow(frame: Frame): Uint8Array {
  // Typed arrays go out as they lie in memory.
  if (endianness() !== 'LE') throw new FrameError('Arrow frames are written on little-endian machines only');
  const rows = rowCount(frame);
  const columns = frame.fields.map((field) => columnBuffers(typedColumn(field)));
  const body = columns.flatMap(({ buffers }) => buffers.flatMap((chunk) => [chunk, padding(chunk.byteLength)]));
  const schema = message((builder) => writeSchema(builder, frame), HEADER.Schema);
  const batch = message((builder) => writeRecordBatch(builder, rows, columns), HEADER.RecordBatch, body);
  const magic = Buffer.from('ARROW1');
  const batchOffset = 8 + schema.metadataLength;
  const end = footer(frame, batchOffset, batch);
  const endLength = Buffer.alloc(4);
  endLength.writeInt32LE(end.byteLength);
  const endOfStream = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);
  return Buffer.concat([magic, padding(6), ...schema.chunks, ...batch.chunks, endOfStream, end, endLength, magic]);
}
