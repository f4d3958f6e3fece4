import { useId, type ReactNode } from 'react';
import { useStyles2 } from '@grafana/ui';
import { getDetailStyles } from './styles.ts';

export interface SectionProps {
  readonly title: string;
  readonly testId: string;
  readonly children: ReactNode;
}

export function Section({ title, testId, children }: SectionProps) {
  const styles = useStyles2(getDetailStyles);
  const headingId = useId();
  return (
    <section className={styles.section} aria-labelledby={headingId} data-testid={testId}>
      <h4 id={headingId} className={styles.heading}>
        {title}
      </h4>
      {children}
    </section>
  );
}
