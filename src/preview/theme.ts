import { useCallback, useMemo, useState, useSyncExternalStore } from 'react';
import { createTheme, type GrafanaTheme2 } from '@grafana/data';
import { config } from '@grafana/runtime';
import { THEME_CHOICES, type ThemeChoice } from './page-settings.ts';

const KEY = 'live-diagnostics.theme';
/** Grafana's own, Roboto Mono, comes with Grafana alone. */
const MONOSPACE = 'ui-monospace, Menlo, Consolas, monospace';
const DARK = '(prefers-color-scheme: dark)';

/** A browser that keeps nothing is served like one that comes for the first time. */
function remembered(): ThemeChoice | undefined {
  try {
    const kept = window.localStorage.getItem(KEY);
    return THEME_CHOICES.find((choice) => choice === kept);
  } catch {
    return undefined;
  }
}

function remember(choice: ThemeChoice): boolean {
  try {
    window.localStorage.setItem(KEY, choice);
    return true;
  } catch {
    return false;
  }
}

function subscribe(listener: () => void): () => void {
  const query = window.matchMedia(DARK);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** The theme shown, what was chosen, and how to choose. What the address asks for goes before what was chosen once. */
export function useThemeChoice(asked: ThemeChoice | undefined) {
  const [choice, setChoice] = useState<ThemeChoice>(() => asked ?? remembered() ?? 'system');
  const prefersDark = useSyncExternalStore(subscribe, () => window.matchMedia(DARK).matches);
  const isDark = choice === 'dark' || (choice === 'system' && prefersDark);
  const theme = useMemo((): GrafanaTheme2 => {
    const next = createTheme({
      name: isDark ? 'Dark' : 'Light',
      colors: { mode: isDark ? 'dark' : 'light' },
      typography: { fontFamilyMonospace: MONOSPACE },
    });
    // For what reads the theme from Grafana's config.
    config.theme2 = next;
    return next;
  }, [isDark]);
  const choose = useCallback((next: ThemeChoice) => {
    setChoice(next);
    remember(next);
  }, []);
  return { theme, choice, choose } as const;
}
