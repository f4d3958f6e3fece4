import { faultOverMs, type Fault, type FaultKind } from './faults.ts';

export interface FaultOrder {
  readonly kind: FaultKind;
  readonly target: string;
  /** 0–1 */
  readonly magnitude: number;
  /** Absent: until it is ended. */
  readonly durationMs?: number | undefined;
}

/** Faults that somebody started. Those that are over are kept only as long as a reader of the past may ask for them. */
export class FaultRegistry {
  readonly #faults = new Map<string, Fault>();
  #started = 0;

  start(order: FaultOrder, nowMs: number): Fault {
    this.#started += 1;
    const { kind, target, magnitude, durationMs } = order;
    const endMs = durationMs === undefined ? undefined : nowMs + durationMs;
    const fault: Fault = { id: `fault-${this.#started}`, kind, target, magnitude, startMs: nowMs, endMs };
    this.#faults.set(fault.id, fault);
    return fault;
  }

  /** From now on the fault fades. Undefined: there is none with this id that could still be ended. */
  end(id: string, nowMs: number): Fault | undefined {
    const fault = this.#faults.get(id);
    if (fault === undefined || faultOverMs(fault) <= nowMs) return undefined;
    const ended = { ...fault, endMs: Math.min(nowMs, fault.endMs ?? nowMs) };
    this.#faults.set(id, ended);
    return ended;
  }

  /** Every fault that is at work or fading at some time from `sinceMs` on. */
  since(sinceMs: number): readonly Fault[] {
    return [...this.#faults.values()].filter((fault) => faultOverMs(fault) > sinceMs);
  }

  forget(beforeMs: number): void {
    for (const fault of this.#faults.values()) if (faultOverMs(fault) <= beforeMs) this.#faults.delete(fault.id);
  }
}
