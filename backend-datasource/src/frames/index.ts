/** Snapshots and reads to Grafana's data frames; all of it runs in a browser too. */
export { formatOf, heldFor, panelFrames } from './asked-frames.ts';
export { connectionInfo } from './connection-info.ts';
export type { Extras, FrameInput, QueryTypeEntry, ReadRequest, TimeRange } from './query-type.ts';
export { QUERY_TYPE_ENTRIES } from './query-types.ts';
export { searchTopology } from './search-topology.ts';
