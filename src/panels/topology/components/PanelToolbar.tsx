import { useMemo } from 'react';
import { groupFields } from '../group-fields.ts';
import type { GraphNode } from '../graph.ts';
import { isOfIncident, type Shown } from '../model/filter-graph.ts';
import type { Grouped } from '../model/group-graph.ts';
import { DEFAULT_OPTIONS } from '../options.ts';
import type { GraphPanelState } from '../state/use-graph-panel.ts';
import { useKept } from '../state/use-kept.ts';
import { FilteredGraph } from './FilterForm.tsx';
import { Toolbar } from './Toolbar.tsx';

interface PanelToolbarProps {
  readonly panel: GraphPanelState;
  readonly commands: {
    readonly onFit: () => void;
    readonly onZoom: (factor: number) => void;
    readonly onPick: (id: string) => void;
  };
  readonly width: number;
  readonly isList: boolean;
  readonly onList: (isList: boolean) => void;
}

/** Found by the search, undefined while nobody searches. */
const foundIn = ({ matches }: Shown, { base }: Grouped): readonly GraphNode[] | undefined =>
  matches?.map((index) => base.nodes[index]);

/** Whose neighbourhood the graph may be cut down to. */
function centreOf({ filter, selection, graph }: GraphPanelState) {
  const id = filter.value.around?.id ?? selection.selected;
  const node = id === undefined ? undefined : graph.nodes[graph.indexOf.get(id) ?? -1];
  return node && { id: node.id, title: node.title };
}

/** The toolbar of a panel. What it is given stays the same while data updates, so that it is not drawn again for that. */
export function PanelToolbar({ panel, commands, width, isList, onList }: PanelToolbarProps) {
  const { graph, filter, groups, flow, places } = panel;
  const { dragged, set: setPlaces } = places;
  const fields = useKept(useMemo(() => groupFields([graph.frames.nodes]), [graph]));
  const centre = useKept(centreOf(panel));
  const { shown, grouped } = panel;
  const found = useMemo(() => foundIn(shown, grouped), [shown, grouped]);
  const hasIncident = useMemo(() => graph.nodes.some(isOfIncident), [graph]);
  const isDragged = Object.keys(dragged).length > 0;
  const onResetPlaces = useMemo(
    () => (isDragged ? () => setPlaces(DEFAULT_OPTIONS.places) : undefined),
    [isDragged, setPlaces],
  );
  return (
    <FilteredGraph.Provider value={graph}>
      <Toolbar
        {...commands}
        width={width}
        filter={filter.value}
        onFilter={filter.patch}
        onClear={filter.clear}
        centre={centre}
        found={found}
        groupFields={fields}
        groupBy={groups.grouping.field}
        onGroupBy={groups.setField}
        onCollapse={groups.grouping.expanded.size > 0 ? groups.collapse : undefined}
        flow={flow.isOn}
        onFlow={flow.set}
        hasIncident={hasIncident}
        isList={isList}
        onList={onList}
        onResetPlaces={onResetPlaces}
      />
    </FilteredGraph.Provider>
  );
}
