import type { HealthResponse, SourceFreshness } from '@topdeck/protocol';
import { ERRORS, type BridgeError } from '../errors.ts';
import type { FeedStatus } from '../publisher/feed.ts';

type Component = HealthResponse['components'][string];

/** A source that was never asked has nothing against it yet. */
const componentOf = (source: SourceFreshness): Component =>
  source.state === 'fresh' ? 'healthy' : source.error_code === undefined ? 'unknown' : 'unhealthy';

function sentenceOf(source: SourceFreshness): string {
  const since = source.last_success === undefined ? '' : `, last read ${source.last_success}`;
  const why = source.error_code === undefined ? '' : `: ${source.error_code}`;
  return `${source.state}${since}${why}`;
}

/** REST-6. `healthy` when all is fresh, `unhealthy` when a source never answered or diagnosis stands still. */
export function sourceHealth(status: FeedStatus, timestamp: string): HealthResponse {
  const sources = [status.topology, status.metrics];
  const components = Object.fromEntries(sources.map((source) => [source.source, componentOf(source)]));
  const lost = sources.some((source) => source.state === 'unavailable' && source.error_code !== undefined);
  const allFresh = sources.every((source) => source.state === 'fresh');
  return {
    status: lost ? 'unhealthy' : allFresh ? 'healthy' : 'degraded',
    timestamp,
    components: { ...components, diagnosis: status.atMs === undefined ? 'unknown' : 'healthy' },
    detail: Object.fromEntries(sources.map((source) => [source.source, sentenceOf(source)])),
  };
}

export const diagnosisFailed = (fault: BridgeError, timestamp: string): HealthResponse => ({
  status: 'unhealthy',
  timestamp,
  components: { diagnosis: 'unhealthy' },
  detail: { diagnosis: `${fault.code}: ${ERRORS[fault.code].message}` },
});
