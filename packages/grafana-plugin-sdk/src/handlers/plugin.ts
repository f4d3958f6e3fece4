import type { CallResourceHandler } from './call-resource.ts';
import type { CheckHealthHandler } from './check-health.ts';
import type { CollectMetricsHandler } from './collect-metrics.ts';
import type { QueryChunkedDataHandler } from './query-chunked-data.ts';
import type { QueryDataHandler } from './query-data.ts';
import type { StreamHandler } from './stream.ts';

/** What a plugin answers. Without a handler for health, it is healthy while it runs. */
export interface Plugin {
  readonly data?: QueryDataHandler;
  readonly chunkedData?: QueryChunkedDataHandler;
  readonly health?: CheckHealthHandler;
  readonly metrics?: CollectMetricsHandler;
  readonly resource?: CallResourceHandler;
  readonly stream?: StreamHandler;
  /** Called once all calls have ended, before the process does: the place to dispose of instances. */
  readonly dispose?: () => Promise<void>;
}
