import { css } from '@emotion/css';
import { useEffect, useMemo, useRef, type CSSProperties } from 'react';
import type { PanelProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useTheme2 } from '@grafana/ui';
import { TEST_IDS } from '../../ui/test-ids.ts';
import { GraphPanel } from './components/GraphPanel.tsx';
import { NoGraph } from './components/Messages.tsx';
import { readGraph } from './model/read-graph.ts';
import type { TopologyOptions } from './options.ts';
import { panelState, type PanelState } from './panel-state.ts';

const styles = { root: css({ position: 'relative', isolation: 'isolate', overflow: 'hidden' }) };

/** A failed answer takes away neither the graph nor the place that somebody was looking at. */
function useKeptGraph(state: PanelState): PanelState {
  const last = useRef<PanelState | undefined>(undefined);
  useEffect(() => {
    if (state.kind !== 'failed' && state.kind !== 'waiting') last.current = state;
  }, [state]);
  if ((state.kind !== 'failed' && state.kind !== 'waiting') || last.current?.kind !== 'graph') return state;
  const text = t('topology.message.kept', 'The graph is that of the last answer.');
  const messages = state.kind === 'failed' ? [...state.messages, { severity: 'info', text } as const] : [];
  return { kind: 'graph', graph: last.current.graph, messages };
}

/** A graph of nodes and edges from the frames of any data source. */
export function TopologyPanel(props: PanelProps<TopologyOptions>) {
  const { data, width, height, timeZone } = props;
  const theme = useTheme2();
  const formatting = useMemo(() => ({ theme, timeZone }), [theme, timeZone]);
  const reading = useMemo(() => readGraph(data.series, formatting), [data.series, formatting]);
  const state = useKeptGraph(useMemo(() => panelState(data, reading), [data, reading]));
  const size: CSSProperties & Record<'--topology-height', string> = {
    width,
    height,
    '--topology-height': `${height}px`,
  };
  return (
    <div className={styles.root} style={size} data-testid={TEST_IDS.topology.root}>
      {state.kind === 'graph' ? (
        <GraphPanel graph={state.graph} formatting={formatting} messages={state.messages} host={props} />
      ) : (
        <NoGraph state={state} />
      )}
    </div>
  );
}
