/** Computes again only when one of the inputs that are read of a value is another object than at the last call. */
export function latest<Value, Output>(
  read: (value: Value) => readonly unknown[],
  compute: (value: Value) => Output,
): (value: Value) => Output {
  let last: { readonly inputs: readonly unknown[]; readonly output: Output } | undefined;
  return (value) => {
    const inputs = read(value);
    if (last?.inputs.every((input, at) => input === inputs[at]) !== true) last = { inputs, output: compute(value) };
    return last.output;
  };
}
