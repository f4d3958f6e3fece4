/** What tests/conformance/baseline is in Go, on our SDK: the same answers to the same questions. */
import { field, queryEach, serve, type Frame } from '@topdeck/grafana-plugin-sdk';

const STEP_MS = 15_000;

function series(points: number, fromMs: number): Frame {
  const times = new BigInt64Array(points);
  const values = new Float64Array(points);
  for (let index = 0; index < points; index += 1) {
    times[index] = BigInt(fromMs + index * STEP_MS) * 1_000_000n;
    values[index] = Math.sin(index / 10);
  }
  const labels = { host: 'a' };
  return { name: 'series', fields: [field.time('time', times), field.float64('value', values, { labels })] };
}

void serve({ name: 'bench' }, () => ({
  data: queryEach(async (query) => {
    const { points = 100 } = query.json() as { readonly points?: number };
    return [series(points, query.timeRange.fromMs)];
  }),
  stream: {
    subscribeStream: async () => ({ verdict: 'ok' }),
    runStream: async (_request, send, { signal }) => {
      const frame = series(1_000, 0);
      while (!signal.aborted) await send.frame(frame);
    },
  },
}));
