import type { FieldOverrideContext, PanelPlugin, SelectableValue } from '@grafana/data';
import { t } from '@grafana/i18n';
import { PlacesEditor } from './components/PlacesEditor.tsx';
import { groupFields } from './group-fields.ts';
import { DEFAULT_OPTIONS, type TopologyOptions } from './options.ts';

type Builder = Parameters<Parameters<PanelPlugin<TopologyOptions>['setPanelOptions']>[0]>[0];

const groupChoices = async ({ data }: FieldOverrideContext): Promise<SelectableValue<string>[]> => [
  { value: '', label: t('topology.options.no-grouping', 'No grouping') },
  ...groupFields(data).map(({ key, label }) => ({ value: key, label })),
];

function addGraphOptions(builder: Builder): void {
  builder
    .addTextInput({
      path: 'selectionVariable',
      name: t('topology.options.selection-variable', 'Selection variable'),
      description: t(
        'topology.options.selection-variable-description',
        'Dashboard variable that holds the selected node, shared with other panels. Empty: the selection stays in this panel.',
      ),
      defaultValue: DEFAULT_OPTIONS.selectionVariable,
    })
    .addSelect({
      path: 'groupBy',
      name: t('topology.options.group-by', 'Group by'),
      description: t('topology.options.group-by-description', 'Draw the nodes of one value as one node.'),
      defaultValue: DEFAULT_OPTIONS.groupBy,
      settings: { options: [], allowCustomValue: true, getOptions: groupChoices },
    })
    .addBooleanSwitch({
      path: 'flow',
      name: t('topology.options.flow', 'Flow'),
      description: t('topology.options.flow-description', 'Dots that move along edges as fast as requests do.'),
      defaultValue: DEFAULT_OPTIONS.flow,
    })
    .addRadio({
      path: 'zoomMode',
      name: t('topology.options.zoom-mode', 'Wheel'),
      defaultValue: DEFAULT_OPTIONS.zoomMode,
      settings: {
        options: [
          {
            value: 'cooperative',
            label: t('topology.options.zoom-cooperative', 'Zooms after a click'),
            description: t('topology.options.zoom-cooperative-description', 'Before it, the page scrolls.'),
          },
          { value: 'greedy', label: t('topology.options.zoom-greedy', 'Zooms') },
        ],
      },
    })
    .addCustomEditor({
      id: 'places',
      path: 'places',
      name: t('topology.options.places', 'Places'),
      description: t('topology.options.places-description', 'Nodes that were dragged stay where they were put.'),
      editor: PlacesEditor,
      defaultValue: DEFAULT_OPTIONS.places,
    });
}

function addPartOptions(builder: Builder): void {
  const category = [t('topology.options.parts', 'Shown beside the graph')];
  builder
    .addBooleanSwitch({
      category,
      path: 'controls',
      name: t('topology.options.controls', 'Toolbar'),
      defaultValue: DEFAULT_OPTIONS.controls,
    })
    .addBooleanSwitch({
      category,
      path: 'legend',
      name: t('topology.options.legend', 'Legend'),
      defaultValue: DEFAULT_OPTIONS.legend,
    })
    .addBooleanSwitch({
      category,
      path: 'miniMap',
      name: t('topology.options.mini-map', 'Mini-map'),
      defaultValue: DEFAULT_OPTIONS.miniMap,
    })
    .addBooleanSwitch({
      category,
      path: 'replay',
      name: t('topology.options.replay', 'Time slider'),
      description: t('topology.options.replay-description', 'Where the data source keeps a history of health.'),
      defaultValue: DEFAULT_OPTIONS.replay,
    });
}

export function addOptions(builder: Builder): void {
  addGraphOptions(builder);
  addPartOptions(builder);
}
