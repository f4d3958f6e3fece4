import type { PanelProps } from '@grafana/data';
import type { DiagnosticsOptions } from './options.ts';

export function DiagnosticsPanel({ width, height }: PanelProps<DiagnosticsOptions>) {
  return <div style={{ width, height }} />;
}
