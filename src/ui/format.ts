import {
  formattedValueToString,
  getDisplayProcessor,
  type DisplayProcessor,
  type Field,
  type GrafanaTheme2,
} from '@grafana/data';
import { t } from '@grafana/i18n';

/** In place of a value that is not known. */
export const NOTHING = '–';

const processors = new WeakMap<Field, { readonly theme: GrafanaTheme2; readonly display: DisplayProcessor }>();

/** A panel's own data brings its processor along; the frames of a query that a component has made do not. */
function displayOf(field: Field, theme: GrafanaTheme2): DisplayProcessor {
  if (field.display) return field.display;
  const known = processors.get(field);
  if (known?.theme === theme) return known.display;
  const display = getDisplayProcessor({ field, theme });
  processors.set(field, { theme, display });
  return display;
}

/** A value as its field shows it, with its unit. */
export function displayText(field: Field, value: unknown, theme: GrafanaTheme2): string {
  if (value === null || value === undefined || Number.isNaN(value)) return NOTHING;
  return formattedValueToString(displayOf(field, theme)(value));
}

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

/** A length of time in its largest whole unit: `12 s`, `3 min`, `2 h`, `4 d`. Never below zero, for clocks differ. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE_S) return t('ui.age.seconds', '{{value}} s', { value: whole });
  if (whole < HOUR_S) return t('ui.age.minutes', '{{value}} min', { value: Math.floor(whole / MINUTE_S) });
  if (whole < 2 * DAY_S) return t('ui.age.hours', '{{value}} h', { value: Math.floor(whole / HOUR_S) });
  return t('ui.age.days', '{{value}} d', { value: Math.floor(whole / DAY_S) });
}
