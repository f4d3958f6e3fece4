import { PanelPlugin } from '@grafana/data';
import { DiagnosticsPanel } from './DiagnosticsPanel.tsx';
import type { DiagnosticsOptions } from './options.ts';

export const plugin = new PanelPlugin<DiagnosticsOptions>(DiagnosticsPanel);
