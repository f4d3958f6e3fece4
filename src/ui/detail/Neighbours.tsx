import { useState } from 'react';
import { t } from '@grafana/i18n';
import { Button, Icon, useStyles2, useTheme2 } from '@grafana/ui';
import { displayText } from '../format.ts';
import { StatusIcon } from '../StatusIcon.tsx';
import { TEST_IDS } from '../test-ids.ts';
import type { Neighbour } from './details.ts';
import { Section } from './Section.tsx';
import { focusSheet } from './Sheet.tsx';
import { getDetailStyles } from './styles.ts';

/** The worst come first, so that the rest can wait. */
const SHOWN_FIRST = 8;

interface RowProps {
  readonly neighbour: Neighbour;
  readonly onSelect: (id: string) => void;
}

function NeighbourRow({ neighbour, onSelect }: RowProps) {
  const styles = useStyles2(getDetailStyles);
  const theme = useTheme2();
  const { id, name, status, isTroubled, rate, trouble } = neighbour;
  return (
    <li>
      <button
        type="button"
        className={styles.neighbour}
        onClick={({ currentTarget }) => {
          focusSheet(currentTarget);
          onSelect(id);
        }}
        data-testid={TEST_IDS.drawer.neighbour(id)}
      >
        <StatusIcon status={status ?? 'unknown'} />
        <span className={styles.neighbourName}>{name}</span>
        {rate !== undefined && rate.value !== null && (
          <span className={styles.number}>{displayText(rate.field, rate.value, theme)}</span>
        )}
        {isTroubled && <Icon name="exclamation-triangle" title={t('ui.drawer.troubled', 'This edge is in trouble')} />}
      </button>
      {trouble !== undefined && <div className={styles.trouble}>{trouble}</div>}
    </li>
  );
}

export interface NeighboursProps {
  readonly title: string;
  readonly testId: string;
  /** Where there are none. */
  readonly emptyText: string;
  readonly neighbours: readonly Neighbour[];
  readonly onSelect: (id: string) => void;
}

/** Services at the other end of edges, to go on to. */
export function Neighbours({ title, testId, emptyText, neighbours, onSelect }: NeighboursProps) {
  const styles = useStyles2(getDetailStyles);
  const [showsAll, setShowsAll] = useState(false);
  const shown = showsAll ? neighbours : neighbours.slice(0, SHOWN_FIRST);
  const hidden = neighbours.length - shown.length;
  const titled = neighbours.length === 0 ? title : `${title} (${neighbours.length})`;
  return (
    <Section title={titled} testId={testId}>
      {neighbours.length === 0 && <div className={styles.secondary}>{emptyText}</div>}
      <ul className={styles.list}>
        {shown.map((neighbour) => (
          <NeighbourRow key={neighbour.id} neighbour={neighbour} onSelect={onSelect} />
        ))}
      </ul>
      {hidden > 0 && (
        <div>
          <Button variant="secondary" fill="text" size="sm" onClick={() => setShowsAll(true)}>
            {t('ui.drawer.show-more', 'Show {{value}} more', { value: hidden })}
          </Button>
        </div>
      )}
    </Section>
  );
}
