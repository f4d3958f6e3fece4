/** The window and the step of the benchmark's own detector. */
const WINDOW = 6400;
const STEP = 100;

/** erfc by the rational Chebyshev fit of Numerical Recipes, to 1.2e-7. */
function complementaryError(x: number): number {
  const t = 1 / (1 + 0.5 * Math.abs(x));
  const terms = [-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587];
  const sum = [...terms, -0.82215223, 0.17087277].reduceRight((higher, term) => term + t * higher, 0);
  const tail = t * Math.exp(-x * x + sum);
  return x >= 0 ? tail : 2 - tail;
}

/**
 * A detector whose score is published, to hold the scorer against it: one minus the normal tail probability of a value's
 * distance from the mean of the last 6400 values, which are renewed a hundred at a time.
 */
export function windowedGaussian(values: Float64Array): Float64Array {
  const [origin] = values;
  let [first, end] = [0, 0];
  let [sum, squares] = [0, 0];
  let [mean, deviation] = [0, 1];
  const take = (row: number, sign: 1 | -1): void => {
    sum += sign * (values[row] - origin);
    squares += sign * (values[row] - origin) ** 2;
  };
  return values.map((value, row) => {
    const score = row === 0 ? 0 : 1 - complementaryError(Math.abs(value - mean) / deviation / Math.SQRT2) / 2;
    if (row >= WINDOW && row + 1 - end < STEP) return score;
    for (; end <= row; end += 1) take(end, 1);
    for (; end - first > WINDOW; first += 1) take(first, -1);
    const count = end - first;
    mean = origin + sum / count;
    deviation = Math.sqrt(Math.max(squares / count - (sum / count) ** 2, 0)) || 1e-6;
    return score;
  });
}
