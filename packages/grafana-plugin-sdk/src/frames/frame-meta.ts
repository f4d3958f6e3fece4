/** Kinds of Grafana's data-plane contract; others are passed on. */
export type FrameKind =
  | 'timeseries-wide'
  | 'timeseries-long'
  | 'timeseries-multi'
  | 'numeric-wide'
  | 'numeric-multi'
  | 'numeric-long'
  | 'log-lines'
  | 'table'
  | 'directory-listing'
  | (string & {});

export interface Notice {
  readonly severity: 'info' | 'warning' | 'error';
  readonly text: string;
  readonly link?: string;
  readonly inspect?: 'meta' | 'error' | 'data' | 'stats';
}

export interface FrameMeta {
  readonly type?: FrameKind;
  readonly typeVersion?: readonly [major: number, minor: number];
  readonly path?: string;
  readonly pathSeparator?: string;
  readonly custom?: unknown;
  readonly stats?: readonly (FieldConfig & { readonly value: number })[];
  readonly notices?: readonly Notice[];
  /** Live channel that goes on with this frame. Alert rules refuse frames that have one. */
  readonly channel?: string;
  readonly preferredVisualisationType?: 'graph' | 'table' | 'logs' | 'trace' | 'nodeGraph' | 'flamegraph';
  readonly preferredVisualisationPluginId?: string;
  readonly executedQueryString?: string;
  readonly dataTopic?: 'annotations';
  readonly uniqueRowIdFields?: readonly number[];
}

export interface Threshold {
  /** The first step's is -Infinity, which JSON carries as null. */
  readonly value: number | null;
  readonly color?: string;
  readonly state?: string;
}

export interface MappingResult {
  readonly text?: string;
  readonly color?: string;
  readonly index?: number;
}
export type ValueMapping =
  | { readonly type: 'value'; readonly options: Readonly<Record<string, MappingResult>> }
  | {
      readonly type: 'range';
      readonly options: { readonly from?: number | null; readonly to?: number | null; readonly result: MappingResult };
    }
  | {
      readonly type: 'special';
      readonly options: {
        readonly match: 'true' | 'false' | 'null' | 'nan' | 'null+nan' | 'empty';
        readonly result: MappingResult;
      };
    };

export interface DataLink {
  readonly title?: string;
  readonly url?: string;
  readonly targetBlank?: boolean;
  readonly internal?: Readonly<Record<string, unknown>>;
}

/** How Grafana shows a column unless the panel says otherwise. */
export interface FieldConfig {
  readonly displayName?: string;
  readonly displayNameFromDS?: string;
  readonly path?: string;
  readonly description?: string;
  readonly filterable?: boolean;
  readonly writeable?: boolean;
  readonly unit?: string;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  /** Regular distance of values, in the unit of the values; for times in milliseconds. */
  readonly interval?: number;
  readonly mappings?: readonly ValueMapping[];
  readonly thresholds?: { readonly mode: 'absolute' | 'percentage'; readonly steps: readonly Threshold[] };
  readonly color?: Readonly<Record<string, unknown>>;
  readonly links?: readonly DataLink[];
  readonly noValue?: string;
  readonly type?: {
    readonly enum?: {
      readonly text: readonly string[];
      readonly color?: readonly string[];
      readonly icon?: readonly string[];
      readonly description?: readonly string[];
    };
  };
  readonly custom?: Readonly<Record<string, unknown>>;
}
