import { WELL_KNOWN_METRICS, type MetricSpec } from '@topdeck/protocol';
import { JUDGEMENT, type Verdicts } from '../gate.ts';
import { isEvidentRatio } from '../measures.ts';
import { surpriseScore } from '../surprise/surprise.ts';
import type { ColumnView, Detector } from './detector.ts';

export interface Cadence {
  readonly stepMs: number;
}

/**
 * Values of a clean series that may be taken for improbable, a day: one in a hundred days. An anomaly needs three of them
 * within five ticks besides, and an effect that matters; docs/quality.md has what was measured.
 */
const CHANCE_A_DAY = 0.01;
const DAY_MS = 86_400_000;
const CLOSE_SHARE = 0.5;
const CLOSE_EFFECT = 0.6;

/** −log10 of the probability per value at which a day has CHANCE_A_DAY of them by chance. */
export const openingEvidence = ({ stepMs }: Cadence): number => Math.log10(DAY_MS / stepMs / CHANCE_A_DAY);

function judgeWith(opening: number): Detector['judge'] {
  return ({ spec, values, z, effect, evidence, expected, requests }: ColumnView, verdicts: Verdicts): void => {
    const up = spec.bad_direction !== 'down';
    const down = spec.bad_direction !== 'up';
    const counted = spec.name === WELL_KNOWN_METRICS.errorRate ? requests : undefined;
    for (let i = 0; i < values.length; i += 1) {
      const signed = z[i];
      const own = evidence?.[i] ?? 0;
      if (Number.isNaN(signed)) {
        verdicts.judgement[i] = JUDGEMENT.unknown;
        continue;
      }
      const isBad = signed > 0 ? up : down;
      const size = effect[i];
      if (!isBad || own < CLOSE_SHARE * opening || size < CLOSE_EFFECT) {
        verdicts.judgement[i] = JUDGEMENT.calm;
        continue;
      }
      verdicts.score[i] = Math.min(surpriseScore(own), size / (size + 2));
      const isEvident = counted === undefined || signed < 0 || isEvidentRatio(values[i], expected[i], counted[i]);
      verdicts.judgement[i] = own >= opening && size >= 1 && isEvident ? JUDGEMENT.deviating : JUDGEMENT.near;
    }
  };
}

/**
 * Values that are improbable for this series by its own tails (surprise/) and the least effect that matters on the bad
 * side of the expected one, in 3 of 5 ticks; over after 5 calm ones. A single value never opens, however improbable: what a
 * tail learnt from few values says of the far end is not worth that much.
 */
export const createSurpriseDetector = (cadence: Cadence): Detector => ({
  name: 'surprise',
  hysteresis: { openAfter: 3, window: 5, closeAfter: 5 },
  needsWarmUp: true,
  needsEvidence: true,
  watches: (spec: MetricSpec) => spec.bad_direction !== 'none',
  judge: judgeWith(openingEvidence(cadence)),
  reference: (view, index) => view.expected[index],
  explain: (reference) => `expected ${reference}`,
});
