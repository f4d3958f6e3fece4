import { css } from '@emotion/css';
import { useCallback, useState } from 'react';
import { ThemeContext, type GrafanaTheme2 } from '@grafana/data';
import { GlobalStyles, PortalContainer, useStyles2 } from '@grafana/ui';
import { Header, productName } from './Header.tsx';
import { keepToken, keptToken } from './kept-token.ts';
import { Page } from './Page.tsx';
import { PageRouter } from './PageRouter.tsx';
import type { BridgeFacts, PageSettings } from './page-settings.ts';
import type { Refusal } from './refusal.ts';
import { useThemeChoice } from './theme.ts';
import { TokenForm } from './TokenForm.tsx';

const getStyles = (theme: GrafanaTheme2) => ({
  root: css({
    display: 'flex',
    flexDirection: 'column',
    // Panels side by side share the window's height; below each other they are scrolled.
    minHeight: '100dvh',
    background: theme.colors.background.canvas,
    color: theme.colors.text.primary,
  }),
  // For screen readers, which look for a heading.
  spoken: css({ position: 'absolute', width: 1, height: 1, margin: 0, overflow: 'hidden', clipPath: 'inset(50%)' }),
  middle: css({ flex: '1 1 auto', display: 'flex', padding: theme.spacing(2) }),
});

type Access =
  | { readonly kind: 'granted'; readonly token: string | undefined }
  | { readonly kind: 'asking'; readonly refusal: Refusal };

function firstAccess({ needsToken }: BridgeFacts): Access {
  const token = keptToken();
  return needsToken && token === undefined ? { kind: 'asking', refusal: 'needed' } : { kind: 'granted', token };
}

interface Props {
  readonly settings: PageSettings;
  readonly facts: BridgeFacts;
}

function Content({ settings, facts }: Props) {
  const styles = useStyles2(getStyles);
  const [access, setAccess] = useState<Access>(() => firstAccess(facts));
  const onRefused = useCallback((refusal: Refusal) => {
    keepToken(undefined);
    setAccess({ kind: 'asking', refusal });
  }, []);
  const onToken = useCallback((token: string) => {
    keepToken(token);
    setAccess({ kind: 'granted', token });
  }, []);
  if (access.kind === 'granted') return <Page settings={settings} token={access.token} onRefused={onRefused} />;
  return (
    <main className={styles.middle}>
      <TokenForm refusal={access.refusal} onToken={onToken} />
    </main>
  );
}

function Frame({ settings, facts, ...themes }: Props & Omit<ReturnType<typeof useThemeChoice>, 'theme'>) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.root}>
      {settings.isKiosk ? (
        <header className={styles.spoken}>
          <h1>{productName()}</h1>
        </header>
      ) : (
        <Header facts={facts} choice={themes.choice} onChoose={themes.choose} />
      )}
      <Content settings={settings} facts={facts} />
    </div>
  );
}

/** The whole page. */
export function App(props: Props) {
  const { theme, ...themes } = useThemeChoice(props.settings.theme);
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <PageRouter>
        <Frame {...props} {...themes} />
        <PortalContainer />
      </PageRouter>
    </ThemeContext.Provider>
  );
}
