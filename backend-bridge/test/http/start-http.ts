import { afterEach } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { createAuthenticator, type AuthConfig } from '../../src/access/auth.ts';
import { systemClock } from '../../src/clock.ts';
import { createHttp } from '../../src/http/create-http.ts';
import type { HttpConfig } from '../../src/http/dependencies.ts';
import { createServerMetrics, type ServerMetrics } from '../../src/telemetry/metrics.ts';
import { captureLog } from '../capture-log.ts';
import { RestFeed, TIMESTAMP } from './rest-feed.ts';

export interface StartedHttp extends Omit<ReturnType<typeof captureLog>, 'log'> {
  readonly app: FastifyInstance;
  readonly feed: RestFeed;
  readonly metrics: ServerMetrics;
}

const DEFAULTS: HttpConfig = {
  HOST: '127.0.0.1',
  ALLOWED_ORIGINS: [],
  TRUSTED_PROXIES: [],
  HTTP_RATE_PER_ADDRESS: 1000,
};
export const NOW = TIMESTAMP;

const started: FastifyInstance[] = [];
/** Closes what a test of this file started. */
export function closeAfterEach(): void {
  afterEach(async () => {
    await Promise.all(started.splice(0).map((app) => app.close()));
  });
}

/** The HTTP side over a {@link RestFeed}, not listening; `config` goes over harmless defaults. Without a page of panels unless told where one is. */
export async function startHttp(
  config: Partial<HttpConfig> & AuthConfig = {},
  pageFolder?: string,
): Promise<StartedHttp> {
  const { log, ...lines } = captureLog();
  const feed = new RestFeed();
  const metrics = createServerMetrics();
  const clock = { ...systemClock, nowMs: () => Date.parse(NOW) };
  const app = await createHttp({
    config: { ...DEFAULTS, ...config },
    feed,
    sockets: { connectionCount: () => 3 },
    auth: createAuthenticator(config, { log, clock }),
    log,
    metrics,
    clock,
    ...(pageFolder !== undefined && { pageFolder }),
  });
  started.push(app);
  return { app, feed, metrics, ...lines };
}
