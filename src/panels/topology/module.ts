import { PanelPlugin } from '@grafana/data';
import { TopologyPanel } from './TopologyPanel.tsx';
import type { TopologyOptions } from './options.ts';

export const plugin = new PanelPlugin<TopologyOptions>(TopologyPanel);
