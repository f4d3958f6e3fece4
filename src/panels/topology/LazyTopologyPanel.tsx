import { lazy, Suspense } from 'react';
import type { PanelProps } from '@grafana/data';
import type { TopologyOptions } from './options.ts';

const TopologyPanel = lazy(() => import('./TopologyPanel.tsx').then((module) => ({ default: module.TopologyPanel })));

/** Grafana loads every panel plugin's module for its list of visualisations; what draws is fetched when it is drawn. */
export function LazyTopologyPanel(props: PanelProps<TopologyOptions>) {
  return (
    <Suspense fallback={<div style={{ width: props.width, height: props.height }} aria-busy="true" />}>
      <TopologyPanel {...props} />
    </Suspense>
  );
}
