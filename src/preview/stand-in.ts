import {
  EventBusSrv,
  locationUtil,
  PluginType,
  type DataSourceApi,
  type DataSourceInstanceSettings,
  type GrafanaConfig,
  type PluginMeta,
} from '@grafana/data';
import { config, setAppEvents, setDataSourceSrv, setTemplateSrv } from '@grafana/runtime';
import { DATA_SOURCE_TYPE } from '../ui/source.ts';
import { hasVariable, interpolate } from '../panels/hosting/interpolate.ts';
import type { PreviewDataSource } from './preview-data-source.ts';

export const PREVIEW_UID = 'preview';

const META: PluginMeta = {
  id: DATA_SOURCE_TYPE,
  name: 'Live Diagnostics',
  type: PluginType.datasource,
  module: '',
  baseUrl: '',
  info: {
    author: { name: '' },
    description: '',
    links: [],
    logos: { small: '', large: '' },
    screenshots: [],
    updated: '',
    version: '',
  },
};

/** The one data source of the page, as a Grafana would list it. */
export const PREVIEW_SETTINGS = {
  uid: PREVIEW_UID,
  type: DATA_SOURCE_TYPE,
  name: META.name,
  meta: META,
  access: 'proxy',
  readOnly: true,
  jsonData: {},
} as DataSourceInstanceSettings;

/** What panels reach by the singletons of @grafana/runtime. There is no Grafana Live: panels see the hop to the bridge alone. */
export function standInForGrafana(dataSource: () => PreviewDataSource): void {
  setDataSourceSrv({
    get: async () => dataSource() as unknown as DataSourceApi,
    getList: () => [PREVIEW_SETTINGS],
    getInstanceSettings: () => PREVIEW_SETTINGS,
    reload: () => undefined,
    registerRuntimeDataSource: () => undefined,
  });
  setTemplateSrv({
    getVariables: () => [],
    replace: interpolate,
    containsTemplate: hasVariable,
    updateTimeRange: () => undefined,
  });
  setAppEvents(new EventBusSrv());
  locationUtil.initialize({
    config: config as unknown as GrafanaConfig,
    getTimeRangeForUrl: () => ({ from: 'now-1h', to: 'now' }),
    getVariablesUrlParams: () => ({}),
  });
}
