import { lazy, type ComponentType } from 'react';
import type { PanelProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import type { DiagnosticsQuery } from '@topdeck/protocol/grafana';
import { DEFAULT_OPTIONS as DIAGNOSTICS_OPTIONS } from '../diagnostics/options.ts';
import { DEFAULT_OPTIONS as TOPOLOGY_OPTIONS } from '../topology/options.ts';

export const PANEL_NAMES = ['diagnostics', 'topology'] as const;
export type PanelName = (typeof PANEL_NAMES)[number];

export interface HostedPanel {
  readonly component: ComponentType<PanelProps>;
  readonly title: () => string;
  readonly options: object;
  readonly queries: readonly DiagnosticsQuery[];
}

const table = (queryType: DiagnosticsQuery['queryType']): DiagnosticsQuery => ({ queryType, format: 'table' });

/** The panels as a dashboard would hold them. */
export const HOSTED_PANELS: Readonly<Record<PanelName, HostedPanel>> = {
  diagnostics: {
    component: lazy(() =>
      import('../diagnostics/DiagnosticsPanel.tsx').then((module) => ({ default: module.DiagnosticsPanel })),
    ),
    title: () => t('ui.panel.diagnostics', 'Diagnostics'),
    options: DIAGNOSTICS_OPTIONS,
    queries: (['connection', 'services', 'anomalies', 'traffic', 'failing-dependencies', 'events'] as const).map(table),
  },
  topology: {
    component: lazy(() =>
      import('../topology/TopologyPanel.tsx').then((module) => ({ default: module.TopologyPanel })),
    ),
    title: () => t('ui.panel.topology', 'Topology'),
    options: TOPOLOGY_OPTIONS,
    queries: [table('topology')],
  },
};
