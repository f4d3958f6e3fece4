import { lazy, type ComponentType } from 'react';
import type { PanelProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import type { DiagnosticsQuery } from '@topdeck/protocol/grafana';
import { DEFAULT_OPTIONS as DIAGNOSTICS_OPTIONS } from '../panels/diagnostics/options.ts';
import { DEFAULT_OPTIONS as TOPOLOGY_OPTIONS } from '../panels/topology/options.ts';
import type { PanelName } from './page-settings.ts';

export interface PreviewPanel {
  readonly component: ComponentType<PanelProps>;
  readonly title: () => string;
  readonly options: object;
  readonly queries: readonly DiagnosticsQuery[];
}

const table = (queryType: DiagnosticsQuery['queryType']): DiagnosticsQuery => ({ queryType, format: 'table' });

/** The panels as a dashboard would hold them. */
export const PREVIEW_PANELS: Readonly<Record<PanelName, PreviewPanel>> = {
  diagnostics: {
    component: lazy(() =>
      import('../panels/diagnostics/DiagnosticsPanel.tsx').then((module) => ({ default: module.DiagnosticsPanel })),
    ),
    title: () => t('preview.panel.diagnostics', 'Diagnostics'),
    options: DIAGNOSTICS_OPTIONS,
    queries: (['connection', 'services', 'anomalies', 'traffic', 'failing-dependencies', 'events'] as const).map(table),
  },
  topology: {
    component: lazy(() =>
      import('../panels/topology/TopologyPanel.tsx').then((module) => ({ default: module.TopologyPanel })),
    ),
    title: () => t('preview.panel.topology', 'Topology'),
    options: TOPOLOGY_OPTIONS,
    queries: [table('topology')],
  },
};
