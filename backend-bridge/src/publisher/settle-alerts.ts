import type { AnomalyAlert } from '@topdeck/protocol';

/** The values of an alert are told anew when the current one has moved by more than this share of the one told before. */
const RETELL_CHANGE = 0.25;

const sameTexts = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((text, k) => text === b[k]);

const sameFacts = (a: AnomalyAlert, b: AnomalyAlert): boolean =>
  a.severity === b.severity &&
  a.message === b.message &&
  a.resource_name === b.resource_name &&
  a.detector === b.detector &&
  sameTexts(a.potential_causes, b.potential_causes) &&
  sameTexts(a.cause_ids ?? [], b.cause_ids ?? []);

const sameValues = (a: AnomalyAlert, b: AnomalyAlert): boolean =>
  a.current_value === b.current_value &&
  a.expected_value === b.expected_value &&
  a.deviation_percentage === b.deviation_percentage &&
  a.score === b.score;

const isNear = (sent: AnomalyAlert, now: AnomalyAlert): boolean =>
  Math.abs(now.current_value - sent.current_value) <= RETELL_CHANGE * Math.abs(sent.current_value);

/** The open alerts in their order, each as it was last sent where nothing about it but small moves of its values changed. */
export function settleAlerts(
  sent: readonly AnomalyAlert[],
  now: readonly AnomalyAlert[],
  resolution: number,
): AnomalyAlert[] {
  const byId = new Map(sent.map((alert) => [alert.alert_id, alert]));
  const mayStay = resolution === 0 ? sameValues : isNear;
  return now.map((alert) => {
    const before = byId.get(alert.alert_id);
    return before !== undefined && sameFacts(before, alert) && mayStay(before, alert) ? before : alert;
  });
}
