import { MAX_INCIDENT_ITEMS, type ChangeEvent, type Incident } from '@topdeck/protocol';
import type { Diagnosis } from '../diagnosis.ts';
import type { entryRates } from './effect.ts';
import { isHurt, requestShare, severityOf, worse } from './effect.ts';
import type { IncidentRecord } from './incident-record.ts';
import type { Network } from './network.ts';
import { suspectedId, suspectsOf, type Case, type Ranking } from './suspects.ts';
import type { Trouble } from './troubles.ts';
import { textOf, titleOf, type Story } from './words.ts';

/** A change counts as evidence from this long before the onset of an incident to this long after it. */
export const CHANGE_BEFORE_MS = 900_000;
export const CHANGE_AFTER_MS = 120_000;
/** Below it nothing is called the cause. */
const LEAST_CONFIDENCE = 0.25;
/** Another suspect becomes the cause only when it is so much more suspect, so that the word does not flicker. */
const TAKEOVER_MARGIN = 0.1;

/** What a tick tells of all incidents. */
export interface Scene {
  readonly network: Network;
  readonly diagnosis: Diagnosis;
  readonly changes: readonly ChangeEvent[];
  readonly concerned: Case['concerned'];
  readonly rank: Ranking;
  readonly isEntryPoint: (index: number) => boolean;
  readonly rates: ReturnType<typeof entryRates>;
}

const iso = (ms: number): string => new Date(ms).toISOString();
const cut = (ids: Iterable<string>): string[] => [...ids].slice(0, MAX_INCIDENT_ITEMS);

function rankSuspects(record: IncidentRecord, troubles: readonly Trouble[], scene: Scene): Incident['suspects'] {
  const { network, changes, concerned, rank } = scene;
  const [fromMs, toMs] = [record.onsetMs - CHANGE_BEFORE_MS, record.onsetMs + CHANGE_AFTER_MS];
  const near = changes.filter(({ at }) => Date.parse(at) >= fromMs && Date.parse(at) <= toMs);
  const suspects = suspectsOf({ network, troubles, sinceMs: record.onsetMs, changes: near, concerned }, rank);
  const { edgeTarget, indexOf } = network.topology;
  for (const suspect of suspects) {
    const index = indexOf.get(suspectedId(suspect)) ?? -1;
    const dependencies = index < 0 ? [] : edgeTarget.subarray(network.outOffsets[index], network.outOffsets[index + 1]);
    for (const change of near) {
      const whom = concerned(change);
      const isNear = whom.has(index) || dependencies.some((dependency) => whom.has(dependency));
      if (isNear) record.changes.set(change.change_id, change);
    }
  }
  const former = suspects.findIndex((suspect) => suspectedId(suspect) === record.causeId);
  if (former > 0 && suspects[0].score - suspects[former].score < TAKEOVER_MARGIN) {
    const [kept] = suspects.splice(former, 1);
    suspects[0] = { ...suspects[0], role: kept.role };
    suspects.unshift({ ...kept, role: 'cause' });
  }
  return suspects;
}

/** Updates severity and effect of a record and says what there is to be said of it now. */
export function report(record: IncidentRecord, troubles: readonly Trouble[], scene: Scene): Incident {
  const { network, diagnosis } = scene;
  const { resources, indexOf } = network.topology;
  const nameOf = (id: string): string => resources[indexOf.get(id) ?? -1]?.name ?? id;
  for (const trouble of troubles) {
    if (scene.isEntryPoint(trouble.index) && isHurt(trouble)) record.entryPointIds.add(trouble.resourceId);
  }
  const share = requestShare(scene.rates, new Set([...record.entryPointIds].map((id) => indexOf.get(id) ?? -1)));
  record.severity = worse(record.severity, severityOf(troubles, { isEntryPoint: scene.isEntryPoint, share }));
  const suspects = rankSuspects(record, troubles, scene);
  const isCauseKnown = (suspects[0]?.confidence ?? 0) >= LEAST_CONFIDENCE;
  record.causeId = isCauseKnown ? suspectedId(suspects[0]) : undefined;
  const first = record.firstFailure;
  const focusId = record.causeId ?? first.id;
  const changes = [...record.changes.values()];
  const suspected = new Set(suspects.map(suspectedId));
  const story: Story = {
    openedMs: record.openedMs,
    focus: { name: nameOf(focusId), trouble: troubles.find(({ resourceId }) => resourceId === focusId) },
    isCauseKnown,
    firstFailure: { name: nameOf(first.id), atMs: first.atMs },
    entryPoints: [...record.entryPointIds].map(nameOf),
    requestShare: share,
    services: record.members.size,
    changes: changes.map((change) => ({ ...change, whom: whomOf(change, nameOf) })),
    reopened: record.reopened,
  };
  const text = textOf(story);
  return {
    incident_id: record.id,
    state: 'open',
    severity: record.severity,
    opened_at: iso(record.openedMs),
    updated_at: iso(diagnosis.atMs),
    title: titleOf(story),
    text,
    ...(isCauseKnown && {
      cause: {
        resource_id: focusId,
        resource_name: nameOf(focusId),
        confidence: suspects[0].confidence,
        text: suspects[0].text,
      },
    }),
    suspects,
    first_failure: { resource_id: first.id, resource_name: nameOf(first.id), onset: iso(first.atMs) },
    impacted: cut([...record.members.keys()].filter((id) => !suspected.has(id))),
    entry_points: cut(record.entryPointIds),
    resource_ids: cut(record.members.keys()),
    alert_ids: cut(record.alertIds),
    blast_radius: { services: record.members.size, entry_points: record.entryPointIds.size, request_share: share },
    changes,
    reopened: record.reopened,
    merged_ids: cut(record.mergedIds),
  };
}

const whomOf = ({ resource_id, labels }: ChangeEvent, nameOf: (id: string) => string): string =>
  resource_id === undefined
    ? Object.entries(labels ?? {})
        .map(([name, value]) => `${name}=${value}`)
        .join(', ')
    : nameOf(resource_id);
