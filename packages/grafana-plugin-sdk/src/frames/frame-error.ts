/** A frame that cannot be encoded: a value outside of its column's type, or columns of unequal length. */
export class FrameError extends Error {
  override readonly name = 'FrameError';
}
