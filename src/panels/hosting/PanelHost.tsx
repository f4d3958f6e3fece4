import { css } from '@emotion/css';
import { Suspense, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import {
  dateTime,
  EventBusSrv,
  LoadingState,
  type AbsoluteTimeRange,
  type DataSourceApi,
  type FieldConfigSource,
  type RawTimeRange,
} from '@grafana/data';
import { t } from '@grafana/i18n';
import { locationService } from '@grafana/runtime';
import { PanelChrome } from '@grafana/ui';
import { TEST_IDS } from '../../ui/test-ids.ts';
import { interpolate } from './interpolate.ts';
import { HOSTED_PANELS, PANEL_NAMES, type PanelName } from './panels.tsx';
import type { Query } from './query.ts';
import { usePanelData } from './use-panel-data.ts';
import { useSize, type Size } from './use-size.ts';

const LAST_HOUR: RawTimeRange = { from: 'now-1h', to: 'now' };

const fill = css({ position: 'relative', minWidth: 0, minHeight: 0, height: '100%', overflow: 'hidden' });

const subscribe = (listener: () => void): (() => void) => {
  const subscription = locationService.getLocationObservable().subscribe(listener);
  return () => subscription.unsubscribe();
};

interface Props {
  readonly name: PanelName;
  readonly dataSource: DataSourceApi<Query>;
  /** Alone on its page it needs no title. */
  readonly isAlone: boolean;
}

function SizedPanel({ name, dataSource, isAlone, width, height }: Props & Size) {
  const { component: Panel, title, queries, options: initial } = HOSTED_PANELS[name];
  const id = PANEL_NAMES.indexOf(name) + 1;
  const [options, setOptions] = useState<object>(initial);
  const [fieldConfig, setFieldConfig] = useState<FieldConfigSource>({ defaults: {}, overrides: [] });
  const [rawRange, setRawRange] = useState<RawTimeRange>(LAST_HOUR);
  const eventBus = useMemo(() => new EventBusSrv(), []);
  // What is selected stands in the address, and panels read it while they draw.
  useSyncExternalStore(subscribe, () => locationService.getSearch().toString());
  const data = usePanelData({ id, queries, dataSource, rawRange, fieldConfig });
  const message = data.errors?.[0]?.message;
  return (
    <PanelChrome
      title={isAlone ? undefined : title()}
      width={width}
      height={height}
      hoverHeader={isAlone}
      padding="md"
      loadingState={data.state === LoadingState.Loading ? data.state : undefined}
      statusMessage={message}
    >
      {(innerWidth, innerHeight) => (
        <Suspense fallback={<div aria-busy="true" style={{ width: innerWidth, height: innerHeight }} />}>
          <Panel
            {...{ id, data, options, fieldConfig, eventBus }}
            timeRange={data.timeRange}
            timeZone="browser"
            transparent={false}
            width={innerWidth}
            height={innerHeight}
            renderCounter={0}
            title={title()}
            onOptionsChange={setOptions}
            onFieldConfigChange={setFieldConfig}
            replaceVariables={interpolate}
            onChangeTimeRange={({ from, to }: AbsoluteTimeRange) =>
              setRawRange({ from: dateTime(from), to: dateTime(to) })
            }
          />
        </Suspense>
      )}
    </PanelChrome>
  );
}

/** A panel as large as its place in the page, with its data. */
export function PanelHost(props: Props) {
  const place = useRef<HTMLDivElement>(null);
  const size = useSize(place);
  const { title } = HOSTED_PANELS[props.name];
  return (
    <div
      ref={place}
      className={fill}
      role="region"
      aria-label={t('ui.panel.region', 'Panel: {{title}}', { title: title() })}
      data-testid={TEST_IDS.hosting.panel(props.name)}
    >
      {size !== undefined && size.width > 0 && size.height > 0 && <SizedPanel {...props} {...size} />}
    </div>
  );
}
