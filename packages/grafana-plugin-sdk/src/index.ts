export { collectFrom, type CollectMetricsHandler } from './handlers/collect-metrics.ts';
export {
  jsonResponse,
  type CallResourceHandler,
  type ResourceRequest,
  type ResourceResponse,
  type SendResource,
} from './handlers/call-resource.ts';
export {
  queryEach,
  type DataQuery,
  type QueryDataHandler,
  type QueryDataRequest,
  type QueryResult,
  type RunQuery,
} from './handlers/query-data.ts';
export { QueryError, type ErrorSource, type QueryErrorOptions } from './query-error.ts';
export type { Call } from './handlers/call.ts';
export type { CheckHealthHandler, CheckHealthRequest, Health } from './handlers/check-health.ts';
export type { ChunkWriter, QueryChunkedDataHandler } from './handlers/query-chunked-data.ts';
export type { Plugin } from './handlers/plugin.ts';
export type { AppSettings, DataSourceSettings, PluginContext, User } from './handlers/plugin-context.ts';
export type {
  Publication,
  StreamHandler,
  StreamRequest,
  StreamSender,
  StreamVerdict,
  Subscription,
} from './handlers/stream.ts';

export * from './frames/index.ts';
export { frameToArrow } from './frames/arrow.ts';
export { frameToJson, type FrameParts } from './frames/json.ts';

export { InstanceManager, type InstanceManagerOptions, type UseInstance } from './instances/instance-manager.ts';
export { serve, type ServeOptions } from './process/serve.ts';
export type { Logger, LogFields, LogLevel } from './process/logger.ts';
