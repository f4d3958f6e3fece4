import type { AnomalyAlert, Severity } from '@topdeck/protocol';
import type { Clock } from '../clock.ts';
import type { StateRead } from './feed.ts';
import { materialiseFailing, materialiseService, materialiseTraffic } from './materialise.ts';
import { RenderCache } from './render-cache.ts';
import type { ExactState, Renderer } from './renderer.ts';

const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

function worst(anomalies: readonly AnomalyAlert[], severity: string | undefined, limit: number): AnomalyAlert[] {
  const wanted = severity as Severity | undefined;
  return anomalies.filter((alert) => wanted === undefined || alert.severity === wanted).slice(0, limit);
}

/** Answers to reads over REST, all with exact values of the newest state; lists are written once for all who ask. */
export class Answers {
  readonly #renderer: Renderer;
  readonly #lists: RenderCache<Uint8Array>;
  #exact: ExactState | undefined;

  constructor(renderer: Renderer, clock: Clock) {
    this.#renderer = renderer;
    this.#lists = new RenderCache(clock);
  }

  advance(exact: ExactState): void {
    this.#exact = exact;
    this.#lists.clear();
  }

  /** Undefined before the first state and for a service that the topology does not hold. */
  answer(request: StateRead): Uint8Array | undefined {
    if (this.#exact === undefined) return undefined;
    const { diagnosis } = this.#exact;
    switch (request.read) {
      case 'snapshot':
        return this.#renderer.exactSnapshot();
      case 'service': {
        const service = materialiseService(diagnosis, request.resourceId);
        return service && json(service);
      }
      case 'anomalies':
        return json(worst(diagnosis.anomalies, request.severity, request.limit));
      case 'traffic':
        return this.#lists.get(`traffic ${request.abnormalOnly}`, () =>
          json(materialiseTraffic(diagnosis, request.abnormalOnly)),
        );
      case 'failing-dependencies':
        return this.#lists.get('failing', () => json(materialiseFailing(diagnosis)));
    }
  }
}
