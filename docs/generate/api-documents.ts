import { systemClock } from '../../backend-bridge/src/clock.ts';
import { createAuthenticator } from '../../backend-bridge/src/access/auth.ts';
import { asyncApiDocument } from '../../backend-bridge/src/http/asyncapi.ts';
import { createHttp } from '../../backend-bridge/src/http/create-http.ts';
import { VERSION } from '../../backend-bridge/src/http/version.ts';
import type { Feed } from '../../backend-bridge/src/publisher/feed.ts';
import { silentLog } from '../../backend-bridge/src/telemetry/log.ts';
import { createServerMetrics } from '../../backend-bridge/src/telemetry/metrics.ts';

const json = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;

/** What the bridge serves at /docs/json, asked of the very routes. */
export async function openApi(): Promise<string> {
  const app = await createHttp({
    config: { HOST: '127.0.0.1', ALLOWED_ORIGINS: [], TRUSTED_PROXIES: [], HTTP_RATE_PER_ADDRESS: 1 },
    // Describing the routes calls none of them.
    feed: {} as Feed,
    sockets: { connectionCount: () => 0 },
    auth: createAuthenticator({}, { log: silentLog, clock: systemClock }),
    log: silentLog,
    metrics: createServerMetrics(),
    clock: systemClock,
  });
  const answer = await app.inject('/docs/json');
  await app.close();
  return json(answer.json());
}

/** What the bridge serves at /docs/asyncapi.json. */
export const asyncApi = (): string => json(asyncApiDocument(VERSION));
