import type { TypedColumn } from './typed-values.ts';
import { FrameError } from './frame-error.ts';

/** Arrow's buffers of one column: validity, then offsets for texts, then the values. */
export interface ColumnBuffers {
  readonly nullCount: number;
  readonly buffers: readonly Uint8Array[];
}

const NOTHING = new Uint8Array(0);
const MAX_OFFSET = 2 ** 31 - 1;

/** One bit a row, the lowest first. */
function bitmap(rows: number, isSet: (row: number) => boolean): Uint8Array {
  const bits = new Uint8Array(Math.ceil(rows / 8));
  for (let row = 0; row < rows; row += 1) {
    if (isSet(row)) bits[row >> 3] |= 1 << (row & 7);
  }
  return bits;
}

const bytesOf = (view: ArrayBufferView): Uint8Array => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

function textBuffers(values: readonly string[]): Uint8Array[] {
  const offsets = new Int32Array(values.length + 1);
  let end = 0;
  values.forEach((value, row) => {
    end += Buffer.byteLength(value);
    if (end > MAX_OFFSET) throw new FrameError('a text column is limited to 2 GiB');
    offsets[row + 1] = end;
  });
  const data = Buffer.allocUnsafe(end);
  values.forEach((value, row) => data.write(value, offsets[row]));
  return [bytesOf(offsets), data];
}

export function columnBuffers({ column, nulls, nullCount }: TypedColumn): ColumnBuffers {
  const validity = nulls === undefined ? NOTHING : bitmap(nulls.length, (row) => nulls[row] === 0);
  switch (column.kind) {
    case 'fixed':
      return { nullCount, buffers: [validity, bytesOf(column.values)] };
    case 'bool':
      return { nullCount, buffers: [validity, bitmap(column.values.length, (row) => column.values[row])] };
    case 'text':
      return { nullCount, buffers: [validity, ...textBuffers(column.values)] };
  }
}
