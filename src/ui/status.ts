import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { SEVERITIES, type OverallHealth, type Severity, type Status } from '@topdeck/protocol';

/** Health of one service, or of all together. */
export type Health = Status | OverallHealth;

const HEALTH_RANKS: Readonly<Record<Health, number>> = { healthy: 0, unknown: 1, degraded: 2, failed: 3, critical: 3 };

/** What a frame says, which may be a word of another version. */
export const healthOf = (word: unknown): Health =>
  typeof word === 'string' && Object.hasOwn(HEALTH_RANKS, word) ? (word as Health) : 'unknown';
/** Undefined for what is no severity. */
export const severityOf = (word: unknown): Severity | undefined => SEVERITIES.find((severity) => severity === word);

/** The higher the worse: to sort by, and for `sortValue` of a table's column. */
export const healthRank = (health: Health): number => HEALTH_RANKS[health];
export const severityRank = (severity: Severity): number => SEVERITIES.indexOf(severity);
export const worstHealthFirst = (a: Health, b: Health): number => healthRank(b) - healthRank(a);
export const worstSeverityFirst = (a: Severity, b: Severity): number => severityRank(b) - severityRank(a);

/** Of text and shapes on a panel's background. */
export function statusColor({ colors }: GrafanaTheme2, health: Health): string {
  const ofHealth: Readonly<Record<Health, string>> = {
    healthy: colors.success.text,
    degraded: colors.warning.text,
    failed: colors.error.text,
    critical: colors.error.text,
    unknown: colors.text.secondary,
  };
  return ofHealth[health];
}

export function severityColor({ colors, visualization, isDark }: GrafanaTheme2, severity: Severity): string {
  const ofSeverity: Readonly<Record<Severity, string>> = {
    critical: colors.error.text,
    high: colors.warning.text,
    medium: visualization.getColorByName(isDark ? 'yellow' : 'dark-yellow'),
    low: colors.info.text,
  };
  return ofSeverity[severity];
}

export function statusText(health: Health): string {
  const ofHealth: Readonly<Record<Health, () => string>> = {
    healthy: () => t('ui.status.healthy', 'Healthy'),
    degraded: () => t('ui.status.degraded', 'Degraded'),
    failed: () => t('ui.status.failed', 'Failed'),
    critical: () => t('ui.status.critical', 'Critical'),
    unknown: () => t('ui.status.unknown', 'Unknown'),
  };
  return ofHealth[health]();
}

export function severityText(severity: Severity): string {
  const ofSeverity: Readonly<Record<Severity, () => string>> = {
    critical: () => t('ui.severity.critical', 'Critical'),
    high: () => t('ui.severity.high', 'High'),
    medium: () => t('ui.severity.medium', 'Medium'),
    low: () => t('ui.severity.low', 'Low'),
  };
  return ofSeverity[severity]();
}
