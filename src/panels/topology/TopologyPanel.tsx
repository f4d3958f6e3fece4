import type { PanelProps } from '@grafana/data';
import type { TopologyOptions } from './options.ts';

export function TopologyPanel({ width, height }: PanelProps<TopologyOptions>) {
  return <div style={{ width, height }} />;
}
