import { compareIncidents, concerns, type ChangeEvent, type Incident, type IncidentEvent } from '@topdeck/protocol';
import type { Diagnosis } from '../diagnosis.ts';
import { entryRates, isAtLeast } from './effect.ts';
import { groupNear, NEAR_MS } from './groups.ts';
import { absorb, firstOf, grow, openRecord, recordOf, type IncidentRecord } from './incident-record.ts';
import { networkOf, type Network } from './network.ts';
import { hasNews, isGraver, looksOf, TICKS_OF_EVIDENCE } from './news.ts';
import { report, type Scene } from './report.ts';
import { rankByEvidence, type Ranking } from './suspects.ts';
import { isKnown, troublesOf, type Trouble } from './troubles.ts';
import { mergedText, resolvedText } from './words.ts';

export interface IncidentOptions {
  /** How the suspects of a tick are ranked. */
  readonly rankingOf?: (diagnosis: Diagnosis) => Ranking;
}

export interface IncidentTick {
  readonly diagnosis: Diagnosis;
  /** Those of the last hour at least. */
  readonly changes?: readonly ChangeEvent[];
}

/** What readers are told of a tick. */
export interface IncidentTidings {
  /** Open ones, newest first. One of which there is nothing new to tell is the identical object. */
  readonly open: readonly Incident[];
  readonly events: readonly IncidentEvent[];
}

/** All that goes on after a restart. */
export interface SavedIncidents {
  /** When troubles were last looked for. */
  readonly seenMs: number;
  /** Open ones, and resolved ones that may still come back. */
  readonly incidents: readonly Incident[];
}

/** An incident is over when nothing has been wrong for so long; twice as long each time it came back, up to NEAR_MS. */
export const SETTLED_MS = 60_000;
/** While it is calm for less than this, whatever goes wrong with any member belongs to it. */
export const LULL_MS = 30_000;
/** One that comes back within this time after it was over goes on under its id: where its cause is in trouble again. */
export const REOPEN_MS = NEAR_MS;
/** Growth is told at most so often; what makes it graver, or names its cause, at once. */
const TELL_EVERY_MS = 30_000;
/** One of more members is judged anew only as often. */
const LARGE = 500;
/** A member that was in trouble when its data ended is taken for in trouble for so long: unknown is not recovery. */
const UNSEEN_MS = 600_000;

const isCalm = (record: IncidentRecord | undefined, atMs: number): boolean =>
  record?.quietSinceMs !== undefined && atMs - record.quietSinceMs > LULL_MS;

/** Entry points suffer from every fault: what tells that one is back is its cause, or what failed first. */
const isCoreOf = ({ causeId, firstFailure }: IncidentRecord, troubles: readonly Trouble[]): boolean =>
  troubles.some(({ resourceId }) => resourceId === (causeId ?? firstFailure.id));

const settledMs = ({ reopened }: IncidentRecord): number => Math.min(NEAR_MS, SETTLED_MS * 2 ** Math.min(reopened, 8));
const iso = (ms: number): string => new Date(ms).toISOString();

/** Incidents from tick to tick. Time comes with the diagnoses; one that is not later than the last changes nothing. */
export class IncidentBook {
  readonly #rankingOf: (diagnosis: Diagnosis) => Ranking;
  readonly #failingSince = new Map<string, number>();
  readonly #open = new Set<IncidentRecord>();
  /** The open incident that a resource belongs, or last belonged, to. */
  readonly #owners = new Map<string, IncidentRecord>();
  /** Over, but may come back; oldest first. */
  #over: IncidentRecord[] = [];
  #network: Network | undefined;
  #isEntryPoint: (index: number) => boolean = () => false;
  #concerned = new Map<number, ReadonlySet<number>>();
  #seenMs = -Infinity;
  #events: IncidentEvent[] = [];

  constructor({ rankingOf = rankByEvidence }: IncidentOptions = {}) {
    this.#rankingOf = rankingOf;
  }

  advance({ diagnosis, changes = [] }: IncidentTick): IncidentTidings {
    const { atMs } = diagnosis;
    if (atMs <= this.#seenMs || diagnosis.topology.resources.length === 0) return { open: this.#told(), events: [] };
    const lastSeenMs = this.#seenMs;
    this.#seenMs = atMs;
    this.#events = [];
    const network = this.#networkOf(diagnosis);
    const troubles = troublesOf(diagnosis, this.#failingSince);
    const current = this.#assign(network, troubles, { diagnosis, lastSeenMs });
    const scene: Scene = {
      network,
      diagnosis,
      changes,
      concerned: (change) => this.#concernedBy(change, network),
      rank: this.#rankingOf(diagnosis),
      isEntryPoint: this.#isEntryPoint,
      rates: entryRates(network, diagnosis),
    };
    // Whose turn is longest ago goes first: not all can be judged by evidence in one tick.
    const turns = [...current].sort(([a], [b]) => a.judgedMs - b.judgedMs);
    for (const [record, own] of turns) this.#tell(record, own, scene);
    for (const record of [...this.#open]) if (!current.has(record)) this.#calm(record, diagnosis);
    this.#over = this.#over.filter(({ quietSinceMs = atMs }) => atMs - quietSinceMs <= REOPEN_MS + NEAR_MS);
    return { open: this.#told(), events: this.#events };
  }

  save(): SavedIncidents {
    const records = [...this.#open, ...this.#over];
    return { seenMs: this.#seenMs, incidents: records.flatMap(({ told }) => told?.incident ?? []) };
  }

  /** To be called before the first tick. */
  restore({ seenMs, incidents }: SavedIncidents): void {
    this.#seenMs = seenMs;
    for (const incident of incidents) {
      if (incident.merged_into !== undefined) continue;
      const record = recordOf(incident, seenMs);
      if (incident.state === 'resolved') this.#over.push(record);
      else {
        this.#open.add(record);
        for (const id of record.members.keys()) this.#owners.set(id, record);
      }
    }
  }

  #networkOf({ topology }: Diagnosis): Network {
    if (this.#network?.topology === topology) return this.#network;
    const network = networkOf(topology);
    const entryPoints = new Set(network.entryPoints);
    this.#network = network;
    this.#isEntryPoint = (index) => entryPoints.has(index);
    this.#concerned = new Map();
    return network;
  }

  #concernedBy(change: ChangeEvent, { topology }: Network): ReadonlySet<number> {
    const known = this.#concerned.get(change.change_id);
    if (known !== undefined) return known;
    const found = new Set<number>();
    for (const [index, resource] of topology.resources.entries()) if (concerns(change, resource)) found.add(index);
    this.#concerned.set(change.change_id, found);
    return found;
  }

  /** In trouble when last looked at, or not long ago: a pause in which nobody looked ends nothing. */
  #ownerOf({ resourceId }: Trouble, atMs: number, lastSeenMs: number): IncidentRecord | undefined {
    const owner = this.#owners.get(resourceId);
    const member = owner?.members.get(resourceId);
    if (isCalm(owner, atMs)) return undefined;
    return member !== undefined && (member.lastMs >= lastSeenMs || atMs - member.lastMs <= NEAR_MS) ? owner : undefined;
  }

  /** Which troubles belong to which incident: those they had, those they join, those that merge, new ones. */
  #assign(
    network: Network,
    troubles: readonly Trouble[],
    { diagnosis, lastSeenMs }: { diagnosis: Diagnosis; lastSeenMs: number },
  ): Map<IncidentRecord, readonly Trouble[]> {
    const { atMs } = diagnosis;
    const items = troubles.map((trouble) => {
      const { index, firstMs, lastMs } = trouble;
      const owner = this.#ownerOf(trouble, atMs, lastSeenMs);
      if (owner === undefined) return { index, owner, firstMs, lastMs };
      return { index, owner, firstMs: owner.openedMs, lastMs: Math.max(owner.lastOnsetMs, lastMs) };
    });
    const current = new Map<IncidentRecord, readonly Trouble[]>();
    for (const group of groupNear(network, items, (index) => isKnown(diagnosis, index))) {
      const own = group.map((position) => troubles[position]);
      const owners = new Set(group.flatMap((position) => items[position].owner ?? []));
      const record = this.#recordFor(own, [...owners], atMs);
      grow(record, own, atMs);
      for (const { resourceId } of own) this.#owners.set(resourceId, record);
      current.set(record, own);
    }
    return current;
  }

  #recordFor(troubles: readonly Trouble[], owners: IncidentRecord[], atMs: number): IncidentRecord {
    if (owners.length > 0) return this.#merge(owners, atMs);
    const record = this.#resume(troubles, atMs) ?? this.#reopen(troubles, atMs) ?? openRecord(troubles);
    this.#open.add(record);
    return record;
  }

  /** The oldest goes on; one that readers know goes before one that they do not. */
  #merge(owners: IncidentRecord[], atMs: number): IncidentRecord {
    const isUntold = ({ told }: IncidentRecord): number => Number(told === undefined);
    const [kept, ...others] = owners.sort(
      (a, b) => isUntold(a) - isUntold(b) || a.openedMs - b.openedMs || (a.id < b.id ? -1 : 1),
    );
    for (const other of others) {
      absorb(kept, other);
      this.#open.delete(other);
      for (const id of other.members.keys()) if (this.#owners.get(id) === other) this.#owners.set(id, kept);
      if (other.told === undefined) continue;
      const { incident } = other.told;
      const text = mergedText(incident.text, kept.told?.incident.title ?? kept.id);
      const merged = {
        state: 'resolved',
        resolved_at: iso(atMs),
        updated_at: iso(atMs),
        merged_into: kept.id,
      } as const;
      this.#events.push({ type: 'incident_resolved', atMs, data: { ...incident, ...merged, text } });
    }
    return kept;
  }

  /** A calm one that is not over yet and whose core is in trouble again. */
  #resume(troubles: readonly Trouble[], atMs: number): IncidentRecord | undefined {
    return [...this.#open].find((record) => isCalm(record, atMs) && isCoreOf(record, troubles));
  }

  /** Of those that were over not long ago and whose core is in trouble again, the last one. */
  #reopen(troubles: readonly Trouble[], atMs: number): IncidentRecord | undefined {
    const at = this.#over.findLastIndex(
      (record) => atMs - (record.quietSinceMs ?? -Infinity) <= REOPEN_MS && isCoreOf(record, troubles),
    );
    if (at < 0) return undefined;
    const [record] = this.#over.splice(at, 1);
    record.reopened += 1;
    record.onsetMs = firstOf(troubles).firstMs;
    return record;
  }

  #tell(record: IncidentRecord, troubles: readonly Trouble[], scene: Scene): void {
    const { atMs } = scene.diagnosis;
    const before = record.told;
    const looks = looksOf(record, troubles, scene.changes);
    const isSettled = record.ticks > TICKS_OF_EVIDENCE && before?.incident.state === 'open';
    if (isSettled && record.looks === looks) return;
    const mayWait = before?.incident.state === 'open';
    const isLarge = record.members.size > LARGE && atMs - record.judgedMs < TELL_EVERY_MS;
    if (mayWait && (isLarge || !scene.rank.hasMore())) return;
    const incident = report(record, troubles, scene);
    record.judgedMs = atMs;
    if (before === undefined) {
      // One resource with a mild anomaly may be the edge of what shows whole a tick later.
      if (record.ticks < 2 && troubles.length < 2 && !isAtLeast(incident.severity, 'high')) return;
      this.#say(record, 'incident_opened', incident);
    } else if (before.incident.state === 'resolved') this.#say(record, 'incident_opened', incident);
    else if (isGraver(before.incident, incident)) this.#say(record, 'incident_updated', incident);
    else if (atMs - before.atMs >= TELL_EVERY_MS && hasNews(before.incident, incident)) {
      this.#say(record, 'incident_updated', incident);
    }
    if (record.told !== undefined && !hasNews(record.told.incident, incident)) record.looks = looks;
  }

  #say(record: IncidentRecord, type: IncidentEvent['type'], incident: Incident): void {
    record.told = { incident, atMs: this.#seenMs };
    record.looks = undefined;
    this.#events.push({ type, atMs: this.#seenMs, data: incident });
  }

  #calm(record: IncidentRecord, diagnosis: Diagnosis): void {
    const { atMs, topology } = diagnosis;
    const isUnseen = [...record.members].some(([id, { lastMs }]) => {
      const index = topology.indexOf.get(id);
      const wasTroubled = record.quietSinceMs === undefined || lastMs >= record.quietSinceMs;
      return index !== undefined && !isKnown(diagnosis, index) && wasTroubled && atMs - lastMs <= UNSEEN_MS;
    });
    if (isUnseen) return;
    record.quietSinceMs ??= atMs;
    if (atMs - record.quietSinceMs < settledMs(record)) return;
    this.#open.delete(record);
    for (const id of record.members.keys()) if (this.#owners.get(id) === record) this.#owners.delete(id);
    if (record.told === undefined) return;
    this.#over.push(record);
    const { incident } = record.told;
    const text = resolvedText(incident.text, record.openedMs, record.quietSinceMs);
    const resolved = { state: 'resolved', resolved_at: iso(record.quietSinceMs), updated_at: iso(atMs) } as const;
    this.#say(record, 'incident_resolved', { ...incident, ...resolved, text });
  }

  #told(): Incident[] {
    return [...this.#open].flatMap(({ told }) => told?.incident ?? []).sort(compareIncidents);
  }
}
