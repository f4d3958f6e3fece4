import { css } from '@emotion/css';
import type { ReactNode } from 'react';
import type { GrafanaTheme2, LinkModel } from '@grafana/data';
import { t } from '@grafana/i18n';
import { IconButton, useStyles2 } from '@grafana/ui';
import { onEscape } from '../../../ui/on-escape.ts';
import { TEST_IDS } from '../../../ui/test-ids.ts';
import type { Detail } from '../graph.ts';
import { DataLinks } from './DataLinks.tsx';

interface DetailsCardProps {
  readonly title: string;
  readonly subtitle?: string;
  /** In words. */
  readonly state?: string;
  readonly details: readonly Detail[];
  readonly links: readonly LinkModel[];
  readonly onClose: () => void;
  /** What else can be done with it. */
  readonly children?: ReactNode;
}

const getStyles = (theme: GrafanaTheme2) => ({
  card: css({
    position: 'absolute',
    right: theme.spacing(1),
    top: theme.spacing(1),
    bottom: theme.spacing(1),
    height: 'fit-content',
    maxHeight: `calc(100% - ${theme.spacing(2)})`,
    width: `min(320px, calc(100% - ${theme.spacing(2)}))`,
    overflow: 'auto',
    zIndex: 2,
    padding: theme.spacing(1.5),
    background: theme.colors.background.elevated,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    boxShadow: theme.shadows.z2,
  }),
  head: css({ display: 'flex', gap: theme.spacing(1), alignItems: 'flex-start', justifyContent: 'space-between' }),
  title: css({ ...theme.typography.h5, margin: 0, overflowWrap: 'anywhere' }),
  subtitle: css({ color: theme.colors.text.secondary, margin: 0, overflowWrap: 'anywhere' }),
  list: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 2fr) minmax(0, 3fr)',
    gap: theme.spacing(0.5, 1),
    margin: theme.spacing(1, 0, 0),
    fontSize: theme.typography.bodySmall.fontSize,
    '& dt': { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightRegular },
    '& dd': { margin: 0, overflowWrap: 'anywhere' },
  }),
  links: css({ display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1), marginTop: theme.spacing(1.5) }),
});

/** What the frames tell of a node or an edge, and where it leads to; for data that has no more than that. */
export function DetailsCard(props: DetailsCardProps) {
  const { title, subtitle = '', state = '', details, links, onClose, children } = props;
  const styles = useStyles2(getStyles);
  return (
    <section
      className={styles.card}
      aria-label={title}
      onKeyDown={onEscape(onClose)}
      data-testid={TEST_IDS.topology.card}
    >
      <div className={styles.head}>
        <div>
          <h3 className={styles.title}>{title}</h3>
          {subtitle !== '' && <p className={styles.subtitle}>{subtitle}</p>}
          {state !== '' && <p className={styles.subtitle}>{state}</p>}
        </div>
        <IconButton name="times" aria-label={t('topology.card.close', 'Close details')} onClick={onClose} />
      </div>
      <dl className={styles.list}>
        {details
          .filter(({ text }) => text !== '')
          .map(({ key, label, text }) => [<dt key={`${key} label`}>{label}</dt>, <dd key={key}>{text}</dd>])}
      </dl>
      {(links.length > 0 || children !== undefined) && (
        <div className={styles.links}>
          <DataLinks links={links} />
          {children}
        </div>
      )}
    </section>
  );
}
