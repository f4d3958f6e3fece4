import type { Topology } from '@topdeck/protocol';
import { planDemo, type DemoSchedule } from './demo-schedule.ts';
import { faultStrength, type Fault } from './faults.ts';
import { FaultRegistry, type FaultOrder } from './fault-registry.ts';
import { TrafficCounters } from './traffic-counters.ts';
import { buildTrafficModel, type TrafficModel } from './traffic-model.ts';

export interface LiveSystemOptions {
  readonly topology: Topology;
  readonly seed: number;
  /** Whether the scripted faults of the demo come and go beside those that somebody starts. */
  readonly demo: boolean;
  readonly startMs: number;
}

export interface ActiveFault {
  readonly fault: Fault;
  readonly origin: 'api' | 'demo';
  /** 0 to the magnitude: how far it has risen or faded. */
  readonly strength: number;
}

/** A simulated system that lives on: it counts its requests as time goes by and takes faults. Moves only when asked. */
export class LiveSystem {
  readonly model: TrafficModel;
  readonly counters: TrafficCounters;
  readonly #faults = new FaultRegistry();
  readonly #demo: DemoSchedule | undefined;
  readonly #startMs: number;

  constructor({ topology, seed, demo, startMs }: LiveSystemOptions) {
    this.model = buildTrafficModel(topology, seed);
    this.counters = new TrafficCounters(this.model, startMs);
    this.#demo = demo ? planDemo(this.model) : undefined;
    this.#startMs = startMs;
  }

  get topology(): Topology {
    return this.model.topology;
  }

  /** Brings the counters up to `nowMs`. */
  advance(nowMs: number): void {
    const sinceMs = this.counters.atMs;
    this.counters.advance(nowMs, [...this.#faults.since(sinceMs), ...this.#demoFaults(sinceMs, nowMs)]);
    this.#faults.forget(Math.min(nowMs, this.counters.atMs));
  }

  /** What happened until now is counted first, without the new fault. */
  startFault(order: FaultOrder, nowMs: number): ActiveFault {
    this.advance(nowMs);
    const fault = this.#faults.start(order, nowMs);
    return { fault, origin: 'api', strength: faultStrength(fault, nowMs) };
  }

  /** Undefined: no fault with this id that somebody started is at work. */
  endFault(id: string, nowMs: number): ActiveFault | undefined {
    this.advance(nowMs);
    const fault = this.#faults.end(id, nowMs);
    return fault && { fault, origin: 'api', strength: faultStrength(fault, nowMs) };
  }

  /** Faults at work or fading, in the order in which they began. */
  faults(nowMs: number): readonly ActiveFault[] {
    const active = (origin: ActiveFault['origin']) => (fault: Fault) => ({
      fault,
      origin,
      strength: faultStrength(fault, nowMs),
    });
    const started = this.#faults.since(nowMs).map(active('api'));
    const scripted = this.#demoFaults(nowMs, nowMs)
      .map(active('demo'))
      .filter(({ strength }) => strength > 0);
    return [...started, ...scripted].sort((a, b) => a.fault.startMs - b.fault.startMs);
  }

  #demoFaults(fromMs: number, toMs: number): readonly Fault[] {
    return this.#demo?.faultsDuring(this.#startMs, { fromMs, toMs }) ?? [];
  }
}
