/** Snapshots and reads to Grafana's data frames; all of it runs in a browser too. */
export type { Extras, FrameInput, QueryTypeEntry, ReadRequest } from './query-type.ts';
export { QUERY_TYPE_ENTRIES } from './query-types.ts';
