import { create } from '@bufbuild/protobuf';
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import {
  CheckHealthResponse_HealthStatus as HealthStatus,
  CheckHealthResponseSchema,
  CollectMetricsResponseSchema,
  type CheckHealthRequest,
  type CheckHealthResponse,
  type CollectMetricsRequest,
  type CollectMetricsResponse,
} from '../generated/pluginv2-pb.js';
import type { CheckHealthHandler, Health } from '../handlers/check-health.ts';
import type { CollectMetricsHandler } from '../handlers/collect-metrics.ts';
import { encodeText, pluginContext } from './convert.ts';
import { unary, type Ground } from './handle.ts';

const STATUS: Readonly<Record<Health['status'], HealthStatus>> = {
  unknown: HealthStatus.UNKNOWN,
  ok: HealthStatus.OK,
  error: HealthStatus.ERROR,
};
const RUNNING: Health = { status: 'ok', message: 'The plugin is running.' };

export interface DiagnosticsHandlers {
  readonly health: CheckHealthHandler | undefined;
  readonly metrics: CollectMetricsHandler | undefined;
}

export function diagnosticsService(handlers: DiagnosticsHandlers, ground: Ground): UntypedServiceImplementation {
  return {
    checkHealth: unary<CheckHealthRequest, CheckHealthResponse>(ground, async (message, call) => {
      const request = { context: pluginContext(message.pluginContext), headers: message.headers };
      const health = (await handlers.health?.checkHealth(request, call)) ?? RUNNING;
      return create(CheckHealthResponseSchema, {
        status: STATUS[health.status],
        message: health.message,
        // The host parses what it gets, and takes nothing for broken.
        jsonDetails: encodeText(JSON.stringify(health.details ?? {})),
      });
    }),
    collectMetrics: unary<CollectMetricsRequest, CollectMetricsResponse>(ground, async (_message, call) => {
      const text = (await handlers.metrics?.collectMetrics(call)) ?? '';
      return create(CollectMetricsResponseSchema, { metrics: { prometheus: encodeText(text) } });
    }),
  };
}
