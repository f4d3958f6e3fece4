import type { Authenticator } from '../access/auth.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Feed } from '../publisher/feed.ts';
import type { Log } from '../telemetry/log.ts';
import type { ServerMetrics } from '../telemetry/metrics.ts';

export type HttpConfig = Pick<Config, 'HOST' | 'ALLOWED_ORIGINS' | 'TRUSTED_PROXIES' | 'HTTP_RATE_PER_ADDRESS'>;

export interface HttpDependencies {
  readonly config: HttpConfig;
  readonly feed: Feed;
  readonly sockets: { connectionCount(): number };
  readonly auth: Authenticator;
  readonly log: Log;
  readonly metrics: ServerMetrics;
  readonly clock: Clock;
  /** Where the preview page was built to; absent, or without a page in it: the landing page is at `/`, too. */
  readonly pageFolder?: string;
}
