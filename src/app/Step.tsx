import type { ReactNode } from 'react';
import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { Stack, Text, useStyles2 } from '@grafana/ui';

interface Props {
  readonly number: number;
  readonly title: string;
  readonly testId: string;
  readonly children: ReactNode;
}

export function Step({ number, title, testId, children }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <section className={styles.step} data-testid={testId} aria-label={title}>
      <span className={styles.number} aria-hidden>
        {number}
      </span>
      <Stack direction="column" gap={1} alignItems="flex-start">
        <Text element="h2" variant="h3">
          {title}
        </Text>
        {children}
      </Stack>
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  step: css({
    display: 'flex',
    gap: theme.spacing(2),
    padding: theme.spacing(2),
    maxWidth: 760,
    background: theme.colors.background.secondary,
    borderRadius: theme.shape.radius.default,
  }),
  number: css({
    flex: 'none',
    width: theme.spacing(4),
    height: theme.spacing(4),
    lineHeight: theme.spacing(4),
    textAlign: 'center',
    borderRadius: '50%',
    background: theme.colors.primary.transparent,
    color: theme.colors.primary.text,
    fontWeight: theme.typography.fontWeightMedium,
  }),
});
