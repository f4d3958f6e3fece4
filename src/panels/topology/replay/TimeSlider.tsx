import { css } from '@emotion/css';
import { useCallback, useState } from 'react';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, useStyles2 } from '@grafana/ui';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import { OpenReplay } from './OpenReplay.tsx';
import type { ReplaySlotProps } from './replayed.ts';

const getStyles = (theme: GrafanaTheme2) => ({
  closed: css({ flexShrink: 0, paddingTop: theme.spacing(0.25) }),
});

/** One small button that says that the graph is of now, until somebody wants to see another time. */
export function TimeSlider(props: ReplaySlotProps) {
  const styles = useStyles2(getStyles);
  const [isOpen, setOpen] = useState(false);
  const close = useCallback(() => setOpen(false), []);
  // Another data source has another history.
  if (isOpen) return <OpenReplay key={props.source.uid} {...props} onClose={close} />;
  return (
    <div className={styles.closed} data-testid={TEST_IDS.topology.replay}>
      <Button
        size="sm"
        variant="secondary"
        fill="text"
        icon="history"
        aria-expanded={false}
        tooltip={t('topology.replay.open-hint', 'Show how it was at another time')}
        onClick={() => setOpen(true)}
        data-testid={TEST_IDS.topology.replayOpen}
      >
        {t('topology.replay.open', 'Live · replay')}
      </Button>
    </div>
  );
}
