import { lazy, Suspense } from 'react';
import type { PanelProps } from '@grafana/data';
import type { DiagnosticsOptions } from './options.ts';

const DiagnosticsPanel = lazy(() =>
  import('./DiagnosticsPanel.tsx').then((module) => ({ default: module.DiagnosticsPanel })),
);

/** Grafana loads the module of each panel of a dashboard before it draws; what draws comes when it is drawn. */
export function LazyDiagnosticsPanel(props: PanelProps<DiagnosticsOptions>) {
  return (
    <Suspense fallback={<div style={{ width: props.width, height: props.height }} aria-busy="true" />}>
      <DiagnosticsPanel {...props} />
    </Suspense>
  );
}
