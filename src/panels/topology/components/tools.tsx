import { t } from '@grafana/i18n';
import { Combobox } from '@grafana/ui';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import type { GroupField } from '../group-fields.ts';
import type { GraphFilter } from '../model/filter-graph.ts';
import { ToolButton } from './ToolButton.tsx';

const ids = TEST_IDS.topology;

export interface GraphToolsProps {
  readonly isNamed: boolean;
  readonly filter: GraphFilter;
  readonly onFilter: (patch: Partial<GraphFilter>) => void;
  readonly groupFields: readonly GroupField[];
  readonly groupBy: string;
  readonly onGroupBy: (field: string) => void;
  /** Groups that were opened; undefined when there is none. */
  readonly onCollapse: (() => void) | undefined;
  readonly flow: boolean;
  readonly onFlow: (isOn: boolean) => void;
  /** Whether the graph has the path of an incident. */
  readonly hasIncident: boolean;
  readonly isList: boolean;
  readonly onList: (isOn: boolean) => void;
  /** undefined when every node stands where the layout put it. */
  readonly onResetPlaces: (() => void) | undefined;
}

function GroupSelect({ groupFields, groupBy, onGroupBy }: GraphToolsProps) {
  const known = groupFields.some(({ key }) => key === groupBy);
  const options = groupFields.map(({ key, label }) => ({ value: key, label }));
  return (
    <span role="group" aria-label={t('topology.toolbar.group-by', 'Group by')}>
      <Combobox
        width={20}
        isClearable
        prefixIcon="layer-group"
        placeholder={t('topology.toolbar.group-by', 'Group by')}
        options={known || groupBy === '' ? options : [...options, { value: groupBy, label: groupBy }]}
        value={groupBy === '' ? null : groupBy}
        onChange={(option) => onGroupBy(option?.value ?? '')}
        data-testid={ids.groupBy}
      />
    </span>
  );
}

/** What is drawn, and how. */
export function GraphTools(props: GraphToolsProps) {
  const { isNamed, filter, onFilter, onCollapse, flow, onFlow, hasIncident, isList, onList, onResetPlaces } = props;
  return (
    <>
      <GroupSelect {...props} />
      {onCollapse !== undefined && (
        <ToolButton
          icon="layers-alt"
          label={t('topology.toolbar.collapse', 'Collapse groups')}
          isNamed={isNamed}
          onClick={onCollapse}
          testId={ids.collapse}
        />
      )}
      {hasIncident && (
        <ToolButton
          icon="fire"
          label={t('topology.toolbar.incident', 'Focus on incident')}
          isNamed={isNamed}
          isOn={filter.incident}
          onClick={() => onFilter({ incident: !filter.incident })}
          testId={ids.incident}
        />
      )}
      <ToolButton
        icon="angle-double-right"
        label={t('topology.toolbar.flow', 'Flow along edges')}
        isNamed={isNamed}
        isOn={flow}
        onClick={() => onFlow(!flow)}
        testId={ids.flow}
      />
      <ToolButton
        icon="list-ul"
        label={t('topology.toolbar.list', 'Nodes as a list')}
        isNamed={isNamed}
        isOn={isList}
        onClick={() => onList(!isList)}
        testId={ids.list}
      />
      {onResetPlaces !== undefined && (
        <ToolButton
          icon="history"
          label={t('topology.toolbar.reset-places', 'Reset places')}
          isNamed={isNamed}
          onClick={onResetPlaces}
          testId={ids.resetPlaces}
        />
      )}
    </>
  );
}

export interface ViewToolsProps {
  readonly onFit: () => void;
  readonly onZoom: (factor: number) => void;
}

const ZOOM = 1.4;

/** Where one looks. */
export function ViewTools({ onFit, onZoom }: ViewToolsProps) {
  return (
    <>
      <ToolButton
        icon="search-minus"
        label={t('topology.toolbar.zoom-out', 'Zoom out')}
        onClick={() => onZoom(1 / ZOOM)}
        testId={ids.zoomOut}
      />
      <ToolButton
        icon="search-plus"
        label={t('topology.toolbar.zoom-in', 'Zoom in')}
        onClick={() => onZoom(ZOOM)}
        testId={ids.zoomIn}
      />
      <ToolButton icon="capture" label={t('topology.toolbar.fit', 'Fit the graph')} onClick={onFit} testId={ids.fit} />
    </>
  );
}
