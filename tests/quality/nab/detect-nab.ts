import { allocate } from '../../../backend-bridge/src/engine/series-state.ts';
import { Surprise, SURPRISE_LAYOUT, surpriseScore } from '../../../backend-bridge/src/engine/surprise/surprise.ts';
import type { NabSeries } from './read-nab.ts';

/** The service is told its cadence; here it is the median of the first intervals, within the probation stretch. */
const CADENCE_ROWS = 20;

function cadenceMs(times: Float64Array): number {
  const first = times.subarray(0, CADENCE_ROWS + 1);
  const intervals = first.subarray(1).map((time, k) => time - first[k]);
  return intervals.sort()[Math.floor(intervals.length / 2)];
}

/** 0–1 per row, from the rows before it alone: the detector of the service, fed one value after the other. */
export function detectNab({ times, values }: NabSeries): Float64Array {
  const surprise = new Surprise(cadenceMs(times));
  const state = allocate(SURPRISE_LAYOUT, 1);
  const input = { values: new Float64Array(1), elapsedS: new Float64Array(1) };
  const out = { evidence: new Float64Array(1), onset: new Uint8Array(1) };
  return values.map((value, row) => {
    input.values[0] = value;
    // Some files repeat an hour where the clock was put back.
    input.elapsedS[0] = row === 0 ? Number.NaN : Math.max(0, times[row] - times[row - 1]) / 1000;
    surprise.step(state, { ...input, atMs: times[row] }, out);
    return out.onset[0] === 1 ? surpriseScore(out.evidence[0]) : 0;
  });
}
