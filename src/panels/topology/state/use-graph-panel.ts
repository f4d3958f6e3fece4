import { useCallback, useMemo, useState } from 'react';
import type { PanelProps } from '@grafana/data';
import type { Graph } from '../graph.ts';
import { NO_FILTER, type GraphFilter } from '../model/filter-graph.ts';
import type { Formatting } from '../model/frame-fields.ts';
import { paletteOf } from '../model/palette.ts';
import { DEFAULT_OPTIONS, type TopologyOptions } from '../options.ts';
import { replayedGraph } from '../replay/replayed-graph.ts';
import type { Replayed } from '../replay/replayed.ts';
import { useOverride } from './use-override.ts';
import { useScene } from './use-scene.ts';
import { useSelected } from './use-selected.ts';

type Host = Pick<PanelProps<TopologyOptions>, 'options' | 'onOptionsChange' | 'replaceVariables'>;

/** An incident stands out by itself; whoever wants the whole picture switches that off. */
const FIRST_FILTER: GraphFilter = { ...NO_FILTER, incident: true };

/** Fields that nodes are grouped by, and the groups that were opened. */
function useGrouping(saved: string) {
  const [field, setField] = useOverride(saved);
  const [opened, setOpened] = useState<{ readonly field: string; readonly ids: ReadonlySet<string> }>();
  const grouping = useMemo(
    () => ({ field, expanded: opened?.field === field ? opened.ids : new Set<string>() }),
    [field, opened],
  );
  const expand = useCallback(
    (id: string) =>
      setOpened((before) => ({ field, ids: new Set([...(before?.field === field ? before.ids : []), id]) })),
    [field],
  );
  const collapse = useCallback(() => setOpened(undefined), []);
  return { grouping, setField, expand, collapse };
}

/** Where nodes were dragged to: here at once, and in the options, which Grafana saves when somebody saves the dashboard. */
function useDragged({ options, onOptionsChange }: Host) {
  const [dragged, setDragged] = useOverride(options.places ?? DEFAULT_OPTIONS.places);
  const change = useCallback(
    (places: TopologyOptions['places']) => {
      setDragged(places);
      onOptionsChange({ ...options, places });
    },
    [options, onOptionsChange, setDragged],
  );
  return { dragged, change };
}

/** All that is chosen and clicked, and the picture that follows from it. */
export function useGraphPanel(now: Graph, formatting: Formatting, host: Host) {
  const options = { ...DEFAULT_OPTIONS, ...host.options };
  const { grouping, setField, expand, collapse } = useGrouping(options.groupBy);
  const [flow, setFlow] = useOverride(options.flow);
  const { dragged, change: setDragged } = useDragged(host);
  const [filter, setFilter] = useState(FIRST_FILTER);
  const [replayed, setReplayed] = useState<Replayed | undefined>();
  const selection = useSelected(options.selectionVariable, host.replaceVariables);
  const palette = paletteOf(formatting.theme);
  const graph = useMemo(
    () => (replayed === undefined ? now : replayedGraph(now, replayed, palette)),
    [now, replayed, palette],
  );
  const { opened } = selection;
  const pictured = useScene(graph, {
    formatting,
    filter,
    grouping,
    dragged,
    selectedNode: opened?.kind === 'group' ? opened.id : selection.selected,
    selectedEdge: opened?.kind === 'edge' ? opened.id : undefined,
  });
  const patchFilter = useCallback(
    (patch: Partial<GraphFilter>) => setFilter((before) => ({ ...before, ...patch })),
    [],
  );
  const clearFilter = useCallback(() => setFilter(({ search, incident }) => ({ ...NO_FILTER, search, incident })), []);
  return {
    options,
    graph,
    palette,
    ...pictured,
    selection,
    filter: { value: filter, patch: patchFilter, clear: clearFilter },
    groups: { grouping, setField, expand, collapse },
    flow: { isOn: flow, set: setFlow },
    places: { dragged, set: setDragged },
    replay: { replayed, set: setReplayed },
  };
}

export type GraphPanelState = ReturnType<typeof useGraphPanel>;
