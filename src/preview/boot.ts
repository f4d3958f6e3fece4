import { pageBase } from './page-base.ts';

/**
 * What @grafana's packages read from the page when they are loaded, where Grafana's server would have written it. So this
 * module comes before all of them.
 */
declare global {
  interface Window {
    /** Where @grafana/ui looks for its icons and fonts. */
    __grafana_public_path__?: string;
  }
  /** Path of that folder from the page; written in by the build. */
  const PREVIEW_PUBLIC: string;
}

const wantsDark = window.matchMedia('(prefers-color-scheme: dark)').matches;

Object.assign(window, {
  grafanaBootData: {
    assets: { dark: '', light: '' },
    navTree: [],
    settings: { featureToggles: {}, exploreEnabled: false },
    user: { theme: wantsDark ? 'dark' : 'light', language: 'en-US', regionalFormat: 'en-US', permissions: {} },
  },
  // i18next advertises its makers on the console otherwise.
  __i18next_supportNoticeShown: true,
  __grafana_public_path__: new URL(PREVIEW_PUBLIC, pageBase()).href,
});
