export type SparklineValues = readonly (number | null)[];

export interface SparklineProps {
  /** Epoch milliseconds, ascending. */
  readonly times: readonly number[];
  /** One for each time; null is a gap. */
  readonly values: SparklineValues;
  readonly band?: {
    readonly expected?: SparklineValues;
    readonly lower?: SparklineValues;
    readonly upper?: SparklineValues;
  };
  /** When anomalies began, epoch milliseconds. */
  readonly onsets?: readonly number[];
  /** What the line is of, as `Error rate`. */
  readonly label: string;
  /** A value with its unit. */
  readonly format: (value: number) => string;
  /** CSS pixels; as wide as its place. */
  readonly height?: number;
}

export function Sparkline({ label }: SparklineProps) {
  return <svg role="img" aria-label={label} />;
}
