import { PANEL_NAMES, type PanelName } from '../panels/hosting/panels.tsx';
import { DATA_SOURCE_DEFAULTS, DataSourceJson } from '@topdeck/protocol/grafana';

export const THEME_CHOICES = ['system', 'dark', 'light'] as const;
export type ThemeChoice = (typeof THEME_CHOICES)[number];

/** What the address asks for, for walls of screens and for tests. */
export interface PageSettings {
  /** One panel alone; undefined: both. */
  readonly panel: PanelName | undefined;
  /** Undefined: what was chosen last. */
  readonly theme: ThemeChoice | undefined;
  /** Whole seconds between two updates. */
  readonly intervalS: number;
  /** Without the head of the page. */
  readonly isKiosk: boolean;
}

const oneOf = <T extends string>(names: readonly T[], name: string | null): T | undefined =>
  names.find((known) => known === name);

interface Bounds {
  readonly minimum: number;
  readonly maximum: number;
}

/** An interval that the bridge would not take is moved to the next one that it does. */
function intervalOf(text: string | null): number {
  const { minimum, maximum } = DataSourceJson.properties.updateIntervalS as unknown as Bounds;
  const seconds = text === null || text.trim() === '' ? NaN : Math.round(Number(text));
  return Number.isFinite(seconds)
    ? Math.min(maximum, Math.max(minimum, seconds))
    : DATA_SOURCE_DEFAULTS.updateIntervalS;
}

export function readPageSettings(search: string): PageSettings {
  const parameters = new URLSearchParams(search);
  const kiosk = parameters.get('kiosk');
  return {
    panel: oneOf(PANEL_NAMES, parameters.get('panel')),
    theme: oneOf(THEME_CHOICES, parameters.get('theme')),
    intervalS: intervalOf(parameters.get('interval')),
    isKiosk: kiosk !== null && kiosk !== 'false' && kiosk !== '0',
  };
}

/** What the bridge tells of itself in the page, to everyone. */
export interface BridgeFacts {
  readonly version: string;
  /** Whether it wants a token before it tells of services. */
  readonly needsToken: boolean;
}

/** From `<meta name="bridge" content='{"version": …, "needsToken": …}'>`. */
export function readBridgeFacts(page: Document): BridgeFacts {
  const content = page.querySelector<HTMLMetaElement>('meta[name="bridge"]')?.content ?? '{}';
  const { version = '', needsToken = false } = JSON.parse(content) as Partial<BridgeFacts>;
  return { version, needsToken };
}
