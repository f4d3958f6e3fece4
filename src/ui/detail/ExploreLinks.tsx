import type { TimeRange } from '@grafana/data';
import { t } from '@grafana/i18n';
import { LinkButton, useStyles2 } from '@grafana/ui';
import type { DiagnosticsQuery } from '@topdeck/protocol/grafana';
import { exploreUrl, mayExplore } from '../navigation.ts';
import { TEST_IDS } from '../test-ids.ts';
import { eventsQuery, metricQueries, stateQueries } from './queries.ts';
import { getDetailStyles } from './styles.ts';
import type { Subject } from './subject.ts';

export interface ExploreLinksProps {
  readonly subject: Subject;
  readonly metrics: readonly string[];
  readonly uid: string;
  readonly range: TimeRange;
}

interface Link {
  readonly what: string;
  readonly text: string;
  readonly queries: readonly DiagnosticsQuery[];
}

/** The same questions to ask on in Explore, in a page of its own: what is on the screen stays. */
export function ExploreLinks({ subject, metrics, uid, range }: ExploreLinksProps) {
  const styles = useStyles2(getDetailStyles);
  if (!mayExplore()) return null;
  const links: readonly Link[] = [
    {
      what: 'services',
      text: t('ui.drawer.explore-services', 'Services'),
      queries: stateQueries(subject).slice(0, 1),
    },
    { what: 'metrics', text: t('ui.drawer.explore-metrics', 'Metrics'), queries: metricQueries(subject, metrics) },
    { what: 'events', text: t('ui.drawer.explore-events', 'Events'), queries: [eventsQuery(subject)] },
  ];
  return (
    <nav className={styles.line} aria-label={t('ui.drawer.explore', 'Explore')}>
      <span className={styles.secondary}>{t('ui.drawer.explore', 'Explore')}</span>
      {links
        .filter(({ queries }) => queries.length > 0)
        .map(({ what, text, queries }) => (
          <LinkButton
            key={what}
            href={exploreUrl({ uid, queries, range })}
            target="_blank"
            rel="noreferrer"
            icon="compass"
            variant="secondary"
            size="sm"
            data-testid={TEST_IDS.drawer.explore(what)}
          >
            {text}
          </LinkButton>
        ))}
    </nav>
  );
}
