import { css, cx } from '@emotion/css';
import { useEffect, useState } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { ErrorBoundaryAlert, useStyles2 } from '@grafana/ui';
import { useClock } from '../ui/clock.ts';
import { createBrowserBridge } from './browser-bridge.ts';
import { PANEL_NAMES } from '../panels/hosting/panels.tsx';
import type { PageSettings } from './page-settings.ts';
import { PanelHost } from '../panels/hosting/PanelHost.tsx';
import { PreviewDataSource } from './preview-data-source.ts';
import { refusalIn, type Refusal } from './refusal.ts';
import { PREVIEW_SETTINGS, standInForGrafana } from './stand-in.ts';

/** Two panels fit beside each other from here on. */
const WIDE = '@media (min-width: 1100px)';

const getStyles = (theme: GrafanaTheme2) => ({
  main: css({
    flex: '1 1 auto',
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: theme.spacing(1),
    padding: theme.spacing(1),
  }),
  both: css({
    gridAutoRows: 'max(75dvh, 480px)',
    [WIDE]: { gridTemplateColumns: 'minmax(440px, 2fr) minmax(0, 3fr)', gridAutoRows: 'minmax(480px, 1fr)' },
  }),
  alone: css({ gridAutoRows: 'minmax(0, 1fr)', padding: 0, height: 0, minHeight: 0 }),
});

interface Props {
  readonly settings: PageSettings;
  readonly token: string | undefined;
  readonly onRefused: (refusal: Refusal) => void;
}

/** The page's one connection, and what panels take for their data source. */
function useDataSource({ settings: { intervalS }, token, onRefused }: Props): PreviewDataSource | undefined {
  const clock = useClock();
  const [dataSource, setDataSource] = useState<PreviewDataSource | undefined>();
  useEffect(() => {
    const bridge = createBrowserBridge({ token, intervalS, clock });
    const made = new PreviewDataSource(PREVIEW_SETTINGS, { bridge, clock, renewMs: intervalS * 1000 });
    const unlisten = bridge.listen({
      onState: (state) => {
        const refusal = refusalIn(state, token !== undefined);
        if (refusal !== undefined) onRefused(refusal);
      },
    });
    standInForGrafana(() => made);
    setDataSource(made);
    return () => {
      unlisten();
      void bridge.close();
    };
  }, [token, intervalS, clock, onRefused]);
  return dataSource;
}

/** The panels, as on a dashboard, fed by the bridge that served the page. */
export function Page(props: Props) {
  const styles = useStyles2(getStyles);
  const dataSource = useDataSource(props);
  const { panel } = props.settings;
  const names = PANEL_NAMES.filter((name) => panel === undefined || panel === name);
  const isAlone = names.length === 1;
  return (
    <main className={cx(styles.main, isAlone ? styles.alone : styles.both)}>
      {dataSource &&
        names.map((name) => (
          // A part that is fetched when it is first shown cannot be had from a bridge that has gone away.
          <ErrorBoundaryAlert key={name}>
            <PanelHost {...{ name, dataSource, isAlone }} />
          </ErrorBoundaryAlert>
        ))}
    </main>
  );
}
