import { WELL_KNOWN_METRICS, type AnomalyAlert, type ChangeEvent } from '@topdeck/protocol';
import type { Trouble } from './troubles.ts';

/** What the sentences are made of; names as people know them. */
export interface Story {
  readonly openedMs: number;
  /** The resource that the story is about: the cause, or else what failed first. */
  readonly focus: { readonly name: string; readonly trouble: Trouble | undefined };
  readonly isCauseKnown: boolean;
  readonly firstFailure: { readonly name: string; readonly atMs: number } | undefined;
  /** Names of hurt entry points. */
  readonly entryPoints: readonly string[];
  readonly requestShare: number | null;
  readonly services: number;
  readonly changes: readonly (ChangeEvent & { readonly whom: string })[];
  readonly reopened: number;
}

const MAX_NAMES = 3;

/** `14:03 UTC`; the day is in the incident's times. */
export const clockTime = (atMs: number): string => `${new Date(atMs).toISOString().slice(11, 16)} UTC`;

export function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_NAMES);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

const strongest = (alerts: readonly AnomalyAlert[]): AnomalyAlert | undefined =>
  alerts.reduce<AnomalyAlert | undefined>(
    (best, alert) => (best === undefined || (alert.score ?? 0) > (best.score ?? 0) ? alert : best),
    undefined,
  );

/** What is wrong in two or three words. */
function kindOf(trouble: Trouble | undefined): string {
  const alert = trouble && strongest(trouble.alerts);
  if (alert === undefined) return trouble?.status === 'failed' ? 'has failed' : 'is in trouble';
  const name = alert.metric_name;
  if (name === WELL_KNOWN_METRICS.errorRate) return 'returns errors';
  if (name.startsWith('latency')) return 'is slow';
  if (name === WELL_KNOWN_METRICS.requestRate) {
    return alert.current_value < alert.expected_value ? 'gets too few requests' : 'gets too many requests';
  }
  return `has unusual ${name}`;
}

export function titleOf({ focus, entryPoints, services }: Story): string {
  const others = services - 1;
  const whom =
    entryPoints.length > 0 ? `, hurts ${listed(entryPoints)}` : others > 0 ? `, ${others} more affected` : '';
  return `${focus.name} ${kindOf(focus.trouble)}${whom}`;
}

function effectOf({ entryPoints, requestShare, services }: Story): string {
  const size = `${services} ${services === 1 ? 'service is' : 'services are'} affected`;
  if (entryPoints.length === 0) return `No entry point is hurt; ${size}.`;
  const share = requestShare === null ? '' : `, where ${Math.round(requestShare * 100)}% of all requests enter`;
  return `It hurts ${listed(entryPoints)}${share}; ${size}.`;
}

/** A few sentences that a person reads once and knows what, since when, where it began and whom it hurts. */
export function textOf(story: Story): string {
  const { focus, isCauseKnown, firstFailure, openedMs, changes, reopened } = story;
  const alert = focus.trouble && strongest(focus.trouble.alerts);
  const detail = alert === undefined ? '' : `: ${alert.message}`;
  const sentences = [`Since ${clockTime(openedMs)} ${focus.name} ${kindOf(focus.trouble)}${detail}.`];
  if (!isCauseKnown) sentences.push('Where it comes from is not known.');
  else if (firstFailure === undefined || firstFailure.name === focus.name) sentences.push('It began there.');
  else sentences.push(`The first to fail was ${firstFailure.name} at ${clockTime(firstFailure.atMs)}.`);
  sentences.push(effectOf(story));
  for (const { kind, title, whom, at } of changes.slice(0, MAX_NAMES)) {
    sentences.push(`Changed at ${clockTime(Date.parse(at))}: ${kind} “${title}” of ${whom}.`);
  }
  if (reopened > 0)
    sentences.push(reopened === 1 ? 'It had been over and came back.' : `It came back ${reopened} times.`);
  return sentences.join(' ');
}

const minutes = (ms: number): string => (ms < 90_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`);

export const resolvedText = (text: string, openedMs: number, resolvedMs: number): string =>
  `Over since ${clockTime(resolvedMs)}, after ${minutes(resolvedMs - openedMs)}. ${text}`;
export const mergedText = (text: string, into: string): string => `Part of another incident: ${into}. ${text}`;
