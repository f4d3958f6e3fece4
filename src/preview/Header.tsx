import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { RadioButtonGroup, useStyles2 } from '@grafana/ui';
import { TEST_IDS } from '../ui/test-ids.ts';
import type { BridgeFacts, ThemeChoice } from './page-settings.ts';
import { pageBase } from './page-base.ts';

const LOGO = new URL('../img/logo.svg', import.meta.url).href;

const getStyles = (theme: GrafanaTheme2) => ({
  header: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0.5, 2),
    padding: theme.spacing(1, 2),
    background: theme.colors.background.primary,
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  name: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), ...theme.typography.h4, margin: 0 }),
  version: css({ color: theme.colors.text.secondary, ...theme.typography.bodySmall }),
  link: css({ color: theme.colors.text.link, textDecoration: 'underline', ...theme.typography.bodySmall }),
  links: css({ display: 'flex', gap: theme.spacing(2), marginLeft: 'auto' }),
});

export const productName = (): string => t('preview.header.name', 'Live Diagnostics');

interface Props {
  readonly facts: BridgeFacts;
  readonly choice: ThemeChoice;
  readonly onChoose: (choice: ThemeChoice) => void;
}

/** What the page is, and where to go on from it. */
export function Header({ facts, choice, onChoose }: Props) {
  const styles = useStyles2(getStyles);
  const at = (path: string): string => new URL(path, pageBase()).href;
  const themes: { value: ThemeChoice; label: string }[] = [
    { value: 'system', label: t('preview.theme.system', 'System') },
    { value: 'dark', label: t('preview.theme.dark', 'Dark') },
    { value: 'light', label: t('preview.theme.light', 'Light') },
  ];
  return (
    <header className={styles.header} data-testid={TEST_IDS.preview.header}>
      <h1 className={styles.name}>
        <img src={LOGO} alt="" width={24} height={24} />
        {productName()}
      </h1>
      <span className={styles.version}>{facts.version}</span>
      <nav className={styles.links} aria-label={t('preview.header.links', 'About the bridge')}>
        <a className={styles.link} href={at('api')}>
          {t('preview.header.api', 'API')}
        </a>
        <a className={styles.link} href={at('docs')}>
          {t('preview.header.docs', 'Documentation')}
        </a>
      </nav>
      <div data-testid={TEST_IDS.preview.theme}>
        <RadioButtonGroup
          size="sm"
          aria-label={t('preview.theme.label', 'Theme')}
          options={themes}
          value={choice}
          onChange={onChoose}
        />
      </div>
    </header>
  );
}
