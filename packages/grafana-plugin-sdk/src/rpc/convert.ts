import type {
  DataQuery as DataQueryMessage,
  PluginContext as PluginContextMessage,
  QueryDataRequest as QueryDataRequestMessage,
} from '../generated/pluginv2-pb.js';
import type { AppSettings, DataSourceSettings, PluginContext } from '../handlers/plugin-context.ts';
import type { DataQuery, QueryDataRequest } from '../handlers/query-data.ts';
import { QueryError } from '../query-error.ts';

const EMPTY: PluginContext = {
  ...{ orgId: 0, pluginId: '', pluginVersion: '', apiVersion: '', userAgent: '', grafanaConfig: {} },
};

const utf8 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();

function parse(bytes: Uint8Array, what: string): unknown {
  if (bytes.byteLength === 0) return {};
  try {
    return JSON.parse(utf8(bytes));
  } catch (error) {
    // Whoever wrote the document is at fault, not the plugin.
    throw new QueryError(`${what} is no JSON`, { status: 400, source: 'downstream', cause: error });
  }
}

type Settings = NonNullable<
  PluginContextMessage['appInstanceSettings'] | PluginContextMessage['dataSourceInstanceSettings']
>;

const appSettings = (settings: Settings): AppSettings => ({
  jsonData: parse(settings.jsonData, 'jsonData of the settings'),
  secureJsonData: settings.decryptedSecureJsonData,
  updatedMs: Number(settings.lastUpdatedMS),
  apiVersion: settings.apiVersion,
});

function dataSourceSettings(
  settings: NonNullable<PluginContextMessage['dataSourceInstanceSettings']>,
): DataSourceSettings {
  const { uid, name, url, user, database, basicAuthEnabled, basicAuthUser } = settings;
  return { ...appSettings(settings), uid, name, url, user, database, basicAuthEnabled, basicAuthUser };
}

/** Throws a QueryError when settings hold no JSON. */
export function pluginContext(message: PluginContextMessage | undefined): PluginContext {
  if (message === undefined) return EMPTY;
  const { user, appInstanceSettings: app, dataSourceInstanceSettings: dataSource } = message;
  return {
    orgId: Number(message.orgId),
    pluginId: message.pluginId,
    pluginVersion: message.pluginVersion,
    apiVersion: message.apiVersion,
    userAgent: message.userAgent,
    grafanaConfig: message.grafanaConfig,
    ...(user && { user: { login: user.login, name: user.name, email: user.email, role: user.role } }),
    ...(dataSource && { dataSource: dataSourceSettings(dataSource) }),
    ...(app && { app: appSettings(app) }),
  };
}

function dataQuery(message: DataQueryMessage): DataQuery {
  const { refId, queryType, timeRange, json } = message;
  return {
    refId,
    queryType,
    maxDataPoints: Number(message.maxDataPoints),
    intervalMs: Number(message.intervalMS),
    timeRange: { fromMs: Number(timeRange?.fromEpochMS ?? 0n), toMs: Number(timeRange?.toEpochMS ?? 0n) },
    json: () => parse(json, `query ${refId}`),
  };
}

export const queryDataRequest = (
  message: Pick<QueryDataRequestMessage, 'pluginContext' | 'headers' | 'queries'>,
): QueryDataRequest => ({
  context: pluginContext(message.pluginContext),
  headers: message.headers,
  queries: message.queries.map(dataQuery),
});

export const encodeText = (text: string): Uint8Array => Buffer.from(text);
