/** Called now and then while a set is worked on. */
export type Progress = (done: number, of: number) => void;

export interface Gate {
  readonly figure: string;
  readonly atLeast: number;
}

export interface SetOutcome {
  /** What `--json` gives under the set's name. */
  readonly figures: Readonly<Record<string, number>>;
  /** Lines for people: scores, thresholds, each case, time. */
  readonly report: readonly string[];
}

/** A public set of labelled data, and how the service's own code is measured on it. */
export interface QualitySet {
  readonly name: string;
  /** Figures below these make `npm test` fail. */
  readonly gates: readonly Gate[];
  /** Folders below the data folder that hold some of it; none where it is not there. */
  readonly find: (datasets: string) => readonly string[];
  readonly run: (folders: readonly string[], progress: Progress) => Promise<SetOutcome>;
}
