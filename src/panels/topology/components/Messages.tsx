import { css, cx } from '@emotion/css';
import { memo } from 'react';
import type { GrafanaTheme2, IconName } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Icon, Spinner, useStyles2 } from '@grafana/ui';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import type { Message, PanelState } from '../panel-state.ts';

const ICONS: Readonly<Record<Message['severity'], IconName>> = {
  info: 'info-circle',
  warning: 'exclamation-triangle',
  error: 'exclamation-circle',
};
const NAMES: Readonly<Record<Message['severity'], () => string>> = {
  info: () => t('topology.message.info', 'Note'),
  warning: () => t('topology.message.warning', 'Warning'),
  error: () => t('topology.message.error', 'Error'),
};

/** The rest leave room for the graph. */
const MOST = 4;

const getStyles = (theme: GrafanaTheme2) => ({
  whole: css({
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    justifyContent: 'center',
    gap: theme.spacing(1),
    width: '100%',
    height: '100%',
    padding: theme.spacing(2),
    textAlign: 'center',
    color: theme.colors.text.secondary,
    overflow: 'auto',
  }),
  list: css({
    listStyle: 'none',
    margin: 0,
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'flex-start',
    gap: theme.spacing(0.5),
    maxWidth: '100%',
    flexShrink: 0,
  }),
  message: css({
    display: 'flex',
    gap: theme.spacing(0.5),
    alignItems: 'flex-start',
    padding: theme.spacing(0.25, 0.75),
    borderRadius: theme.shape.radius.default,
    background: theme.colors.background.secondary,
    color: theme.colors.text.primary,
    fontSize: theme.typography.bodySmall.fontSize,
    textAlign: 'left',
    overflowWrap: 'anywhere',
  }),
  info: css({ '& svg': { color: theme.colors.info.text } }),
  warning: css({ '& svg': { color: theme.colors.warning.text } }),
  error: css({ '& svg': { color: theme.colors.error.text } }),
});

/** Quiet lines above the graph: what does not keep it from being drawn. */
export const Messages = memo(function Messages({ messages }: { readonly messages: readonly Message[] }) {
  const styles = useStyles2(getStyles);
  if (messages.length === 0) return null;
  const more = messages.length - MOST;
  const shown = messages.slice(0, MOST);
  if (more > 0)
    shown.push({ severity: 'info', text: t('topology.message.more', 'Further: {{number}}', { number: more }) });
  return (
    <div role="status" data-testid={TEST_IDS.topology.messages}>
      <ul className={styles.list}>
        {shown.map(({ severity, text }) => (
          <li key={text} className={cx(styles.message, styles[severity])}>
            <Icon name={ICONS[severity]} title={NAMES[severity]()} />
            <span>{text}</span>
          </li>
        ))}
      </ul>
    </div>
  );
});

/** In place of a graph. */
export function NoGraph({ state }: { readonly state: Exclude<PanelState, { kind: 'graph' }> }) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.whole} data-testid={TEST_IDS.topology.state(state.kind)}>
      <Headline kind={state.kind} />
      {state.kind !== 'waiting' && <Messages messages={state.messages} />}
    </div>
  );
}

function Headline({ kind }: { readonly kind: Exclude<PanelState['kind'], 'graph'> }) {
  switch (kind) {
    case 'waiting':
      return (
        <>
          <Spinner />
          <span role="status">{t('topology.state.waiting', 'Waiting for the first data…')}</span>
        </>
      );
    case 'failed':
      return <span>{t('topology.state.failed', 'The topology could not be read.')}</span>;
    case 'unreadable':
      return <span>{t('topology.state.unreadable', 'This panel reads node-graph frames: nodes and edges.')}</span>;
    case 'empty':
      return <span>{t('topology.state.empty', 'There are no nodes to show.')}</span>;
  }
}
