import { css } from '@emotion/css';
import { useCallback, useContext, useState } from 'react';
import type { GrafanaTheme2, PanelProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import type { Status } from '@topdeck/protocol';
import type { DiagnosticsSource } from '../../../ui/source.ts';
import { useDiagnosticsSource } from '../../../ui/use-source.ts';
import type { Graph } from '../graph.ts';
import { legendOf } from '../model/legend.ts';
import type { Formatting } from '../model/frame-fields.ts';
import type { TopologyOptions } from '../options.ts';
import type { Message } from '../panel-state.ts';
import { ReplaySlot } from '../replay/slot.ts';
import { useGraphPanel, type GraphPanelState } from '../state/use-graph-panel.ts';
import { useKept } from '../state/use-kept.ts';
import { useStageEvents } from '../state/use-stage-events.ts';
import { toggled } from '../toggled.ts';
import { Details } from './Details.tsx';
import { Legend } from './Legend.tsx';
import { Messages } from './Messages.tsx';
import { NodeList } from './NodeList.tsx';
import { PanelToolbar } from './PanelToolbar.tsx';
import { StageView } from './StageView.tsx';

interface GraphPanelProps {
  readonly graph: Graph;
  readonly formatting: Formatting;
  readonly messages: readonly Message[];
  readonly host: PanelProps<TopologyOptions>;
}

/** Narrower or lower than these, there is room for the graph alone. */
const MINI_MAP_PX = 400;
const LEGEND_PX = 160;

const getStyles = (theme: GrafanaTheme2) => ({
  panel: css({ display: 'flex', flexDirection: 'column', height: '100%' }),
  area: css({ position: 'relative', isolation: 'isolate', flex: '1 1 0', minHeight: 0 }),
  below: css({ paddingTop: theme.spacing(0.5) }),
});

/** The graph with all that stands around it. */
export function GraphPanel({ graph, formatting, messages, host }: GraphPanelProps) {
  const styles = useStyles2(getStyles);
  const panel = useGraphPanel(graph, formatting, host);
  const { events, commands, setStage } = useStageEvents(panel);
  const [isList, setList] = useState(false);
  const source = useDiagnosticsSource(host.data);
  const told = useKept(messages);
  const { options, selection, grouped, built } = panel;
  return (
    <div className={styles.panel}>
      {options.controls && (
        <PanelToolbar panel={panel} commands={commands} width={host.width} isList={isList} onList={setList} />
      )}
      <Messages messages={told} />
      <div className={styles.area}>
        {built !== undefined && (
          <StageView
            {...events}
            scene={built.scene}
            flow={panel.flow.isOn}
            miniMap={options.miniMap && host.width >= MINI_MAP_PX && !isList}
            isGreedy={options.zoomMode === 'greedy'}
            isHidden={isList}
            isSelected={selection.opened !== undefined || selection.selected !== undefined}
            label={stageLabel(built.scene.nodes.ids.length, built.scene.edges.ids.length)}
            onStage={setStage}
          />
        )}
        {built !== undefined && isList && (
          <NodeList built={built} selected={selection.selected} onOpen={(index) => openNode(panel, index)} />
        )}
        {selection.opened !== undefined && (
          <Details
            opened={selection.opened}
            grouped={grouped}
            source={source}
            timeRange={host.timeRange}
            panelWidth={host.width}
            onClose={selection.close}
            onSelect={commands.onPick}
            onExpand={panel.groups.expand}
          />
        )}
      </div>
      {options.legend && host.height >= LEGEND_PX && <PanelLegend panel={panel} className={styles.below} />}
      {options.replay && source !== undefined && (
        <PanelReplay {...{ panel, source, graph, host }} onSelect={commands.onPick} />
      )}
    </div>
  );
}

interface PanelReplayProps {
  readonly panel: GraphPanelState;
  readonly source: DiagnosticsSource;
  readonly graph: Graph;
  readonly host: PanelProps<TopologyOptions>;
  readonly onSelect: (id: string) => void;
}

function PanelReplay({ panel, source, graph, host, onSelect }: PanelReplayProps) {
  const Replay = useContext(ReplaySlot);
  if (Replay === undefined) return null;
  const { timeRange, width, timeZone } = host;
  const { replayed, set } = panel.replay;
  return <Replay {...{ source, timeRange, graph, replayed, width, timeZone, onSelect }} onReplay={set} />;
}

const stageLabel = (nodes: number, edges: number): string =>
  t('topology.stage.label', 'Service graph, nodes: {{nodes}}, edges: {{edges}}', { nodes, edges });

function openNode({ grouped, selection }: GraphPanelState, index: number): void {
  const { id, members } = grouped.graph.nodes[index];
  selection.open({ kind: members === undefined ? 'node' : 'group', id });
}

function PanelLegend({ panel, className }: { readonly panel: GraphPanelState; readonly className: string }) {
  const { graph, palette, filter } = panel;
  const entries = useKept(legendOf(graph, palette));
  const { statuses } = filter.value;
  const { patch } = filter;
  const toggle = useCallback((status: Status) => patch({ statuses: toggled(statuses, status) }), [patch, statuses]);
  return (
    <div className={className}>
      <Legend entries={entries} statuses={statuses} onToggle={toggle} />
    </div>
  );
}
