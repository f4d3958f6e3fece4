import type { Builder, Offset } from 'flatbuffers';
import { FIELD_TYPES, type Layout } from './field-types.ts';
import type { Field, Frame } from './frame.ts';

/** Slots and numbers are those of Schema.fbs in the Arrow format. */
const TYPE = { Int: 2, FloatingPoint: 3, Binary: 4, Utf8: 5, Bool: 6, Timestamp: 10 } as const;
const PRECISION = { 32: 1, 64: 2 } as const;
const NANOSECOND = 3;

type KeyValues = readonly (readonly [key: string, value: string])[];

function writeType(builder: Builder, layout: Layout): { readonly type: number; readonly offset: Offset } {
  switch (layout.kind) {
    case 'int':
      builder.startObject(2);
      builder.addFieldInt32(0, layout.bits, 0);
      builder.addFieldInt8(1, layout.signed ? 1 : 0, 0);
      return { type: TYPE.Int, offset: builder.endObject() };
    case 'float':
      builder.startObject(1);
      builder.addFieldInt16(0, PRECISION[layout.bits], 0);
      return { type: TYPE.FloatingPoint, offset: builder.endObject() };
    case 'timestamp':
      builder.startObject(2);
      builder.addFieldInt16(0, NANOSECOND, 0);
      return { type: TYPE.Timestamp, offset: builder.endObject() };
    default: {
      builder.startObject(0);
      const type = { bool: TYPE.Bool, utf8: TYPE.Utf8, binary: TYPE.Binary }[layout.kind];
      return { type, offset: builder.endObject() };
    }
  }
}

function writeOffsets(builder: Builder, offsets: readonly Offset[]): Offset {
  builder.startVector(4, offsets.length, 4);
  for (const offset of offsets.toReversed()) builder.addOffset(offset);
  return builder.endVector();
}

function writeKeyValues(builder: Builder, pairs: KeyValues): Offset {
  const entries = pairs.map(([key, value]) => {
    const keyOffset = builder.createString(key);
    const valueOffset = builder.createString(value);
    builder.startObject(2);
    builder.addFieldOffset(0, keyOffset, 0);
    builder.addFieldOffset(1, valueOffset, 0);
    return builder.endObject();
  });
  return writeOffsets(builder, entries);
}

function fieldMetadata(field: Field): KeyValues {
  const pairs: [string, string][] = [['tstype', FIELD_TYPES[field.type].tsType]];
  if (field.labels !== undefined) pairs.push(['labels', JSON.stringify(field.labels)]);
  if (field.config !== undefined) pairs.push(['config', JSON.stringify(field.config)]);
  return pairs;
}

function frameMetadata(frame: Frame): KeyValues {
  const pairs: [string, string][] = [
    ['name', frame.name ?? ''],
    ['refId', frame.refId ?? ''],
  ];
  if (frame.meta !== undefined) pairs.push(['meta', JSON.stringify(frame.meta)]);
  return pairs;
}

function writeField(builder: Builder, field: Field): Offset {
  const name = builder.createString(field.name);
  const { type, offset } = writeType(builder, FIELD_TYPES[field.type].layout);
  const children = writeOffsets(builder, []);
  const metadata = writeKeyValues(builder, fieldMetadata(field));
  builder.startObject(7);
  builder.addFieldOffset(0, name, 0);
  builder.addFieldInt8(1, field.nullable ? 1 : 0, 0);
  builder.addFieldInt8(2, type, 0);
  builder.addFieldOffset(3, offset, 0);
  builder.addFieldOffset(5, children, 0);
  builder.addFieldOffset(6, metadata, 0);
  return builder.endObject();
}

/** Arrow's table `Schema`: one field a column, Grafana's own facts as metadata. Little-endian is the default. */
export function writeSchema(builder: Builder, frame: Frame): Offset {
  const fields = writeOffsets(
    builder,
    frame.fields.map((field) => writeField(builder, field)),
  );
  const metadata = writeKeyValues(builder, frameMetadata(frame));
  builder.startObject(4);
  builder.addFieldOffset(1, fields, 0);
  builder.addFieldOffset(2, metadata, 0);
  return builder.endObject();
}
