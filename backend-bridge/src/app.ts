import { fileURLToPath } from 'node:url';
import { createAuthenticator } from './access/auth.ts';
import { checkBind } from './access/bind.ts';
import { createAddressOf } from './access/client-address.ts';
import { isAllowedHost, isAllowedOrigin, isOwnPage } from './access/origin.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import { ConnectionManager } from './connections/connection-manager.ts';
import type { ConnectionLimits } from './connections/limits.ts';
import { WebSocketRoute } from './connections/websocket-route.ts';
import { listenFault } from './errors.ts';
import { createHttp } from './http/create-http.ts';
import { connectPipeline } from './pipeline/feed-client.ts';
import type { FeedStatus } from './publisher/feed.ts';
import type { Log } from './telemetry/log.ts';
import { createServerMetrics } from './telemetry/metrics.ts';

/** Written by `npm run build`. */
const PAGE_FOLDER = fileURLToPath(new URL('../public/', import.meta.url));

export interface AppDependencies {
  readonly clock: Clock;
  readonly log: Log;
}

export interface App {
  readonly authenticated: boolean;
  /** Rejects with PORT_IN_USE or ADDRESS_UNAVAILABLE. */
  listen(): Promise<{ readonly url: string; readonly status: FeedStatus }>;
  /** Says goodbye to clients, then ends the diagnosis; bounded in time. */
  close(): Promise<void>;
}

const connectionLimits = (config: Config): ConnectionLimits => ({
  maxConnections: config.MAX_CONNECTIONS,
  maxConnectionsPerAddress: config.MAX_CONNECTIONS_PER_ADDRESS,
  connectionRatePerAddress: config.CONNECTION_RATE_PER_ADDRESS,
  maxMessageBytes: config.MAX_MESSAGE_BYTES,
  messageRate: config.MESSAGE_RATE,
  maxSubscriptions: config.MAX_SUBSCRIPTIONS,
  idleTimeoutMs: config.IDLE_TIMEOUT_S * 1000,
  slowClientTimeoutMs: config.SLOW_CLIENT_TIMEOUT_S * 1000,
  maxQueueBytes: config.MAX_QUEUE_BYTES,
});

/**
 * The composition root of the serving thread: every part is made here, in the order in which it needs the others.
 * Rejects with the fault that keeps the bridge from starting.
 */
export async function createApp(config: Config, { clock, log }: AppDependencies): Promise<App> {
  checkBind(config);
  const auth = createAuthenticator(config, { log, clock });
  const metrics = createServerMetrics();
  const feed = await connectPipeline({ config, clock, log, metrics });
  const manager = new ConnectionManager({
    feed,
    clock,
    log,
    metrics,
    limits: connectionLimits(config),
    collectIntervalMs: config.COLLECT_INTERVAL_S * 1000,
  });
  const http = await createHttp({ config, feed, sockets: manager, auth, log, metrics, clock, pageFolder: PAGE_FOLDER });
  new WebSocketRoute({
    manager,
    limits: connectionLimits(config),
    log,
    metrics,
    authenticate: (credentials) => auth.authenticate(credentials),
    isAllowedOrigin: (origin, host) =>
      isAllowedOrigin(origin, config.ALLOWED_ORIGINS) || isOwnPage({ origin, host }, auth.enabled),
    isAllowedHost: (host) => isAllowedHost(host, { listenHost: config.HOST, allowedOrigins: config.ALLOWED_ORIGINS }),
    addressOf: createAddressOf(config.TRUSTED_PROXIES),
  }).attach(http.server);

  async function close(): Promise<void> {
    await manager.close();
    await http.close();
    await feed.close();
  }
  return {
    authenticated: auth.enabled,
    close,
    async listen() {
      try {
        const url = await http.listen({ host: config.HOST, port: config.PORT });
        return { url, status: await feed.status() };
      } catch (error) {
        await close();
        throw listenFault(error, { host: config.HOST, port: config.PORT });
      }
    },
  };
}
