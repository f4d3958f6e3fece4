import { column, type Column, type Frame } from '@topdeck/grafana-plugin-sdk/frames';
import { CONNECTION_CODES, OVERALL_CODES, VALUES, type ConnectionStateName } from '@topdeck/protocol/grafana';
import type { BridgeState, Connection } from '../bridge/bridge.ts';
import { ageS } from './ages.ts';
import { CONNECTION_CODE, CONNECTION_TEXT, OVERALL_CODE, OVERALL_TEXT, SECONDS, SOURCE_STATE_TEXT } from './display.ts';
import { numericFrame, tableFrame } from './frame-kinds.ts';
import { chooseNumber, type Choice } from './numbers.ts';
import type { FrameInput, QueryTypeEntry } from './query-type.ts';

/** Before the first attempt has ended there is no connection either. */
export const connectionName = ({ state }: Connection): ConnectionStateName =>
  state === 'connecting' ? 'disconnected' : state;

type Numbers = Choice<'connection', BridgeState>['numbers'];

const numbersAt = (nowMs: number): Numbers => ({
  data_age_s: {
    read: ({ received }) => (received ? ageS(received.snapshot.freshness.metrics.last_success, received, nowMs) : null),
    config: { ...SECONDS, decimals: 0 },
  },
  state_code: { read: ({ connection }) => CONNECTION_CODES[connectionName(connection)], config: CONNECTION_CODE },
  snapshot_age_s: {
    read: ({ received }) => (received ? ageS(received.snapshot.timestamp, received, nowMs) : null),
    config: { ...SECONDS, decimals: 0 },
  },
  seq: { read: ({ received }) => received?.position?.seq ?? null },
  reconnects: { read: ({ reconnects }) => reconnects },
  overall_code: {
    read: ({ received }) => (received ? OVERALL_CODES[received.snapshot.overall_health] : null),
    config: OVERALL_CODE,
  },
});

type Source = 'topology' | 'metrics';
const sourceColumns = (source: Source): Column<BridgeState>[] => [
  column.nullable.string(`${source}_source`, ({ received }) => received?.snapshot.freshness[source].source ?? null),
  column.nullable.string(`${source}_state`, ({ received }) => received?.snapshot.freshness[source].state ?? null, {
    config: SOURCE_STATE_TEXT,
  }),
  column.nullable.string(`${source}_error`, ({ received }) => received?.snapshot.freshness[source].error ?? null),
];

/** Why it is not connected now; after recovery, what the last trouble was. */
const faultOf = ({ connection, lastFault }: BridgeState): BridgeState['lastFault'] =>
  'fault' in connection ? connection.fault : lastFault;

function tableColumns(numbers: Numbers, nowMs: number): Column<BridgeState>[] {
  const number = (name: keyof Numbers): Column<BridgeState> => {
    const { read, config } = numbers[name];
    return column.nullable.float64(name, read, config && { config });
  };
  return [
    column.string('state', ({ connection }) => connectionName(connection), { config: CONNECTION_TEXT }),
    column.string('overall_health', ({ received }) => received?.snapshot.overall_health ?? 'unknown', {
      config: OVERALL_TEXT,
    }),
    ...VALUES.connection.map(number),
    column.nullable.string('epoch', ({ received }) => received?.position?.epoch ?? null),
    column.nullable.bool('warming_up', ({ received }) => received?.snapshot.freshness.warming_up ?? null),
    ...sourceColumns('topology'),
    ...sourceColumns('metrics'),
    column.nullable.string('last_error', (state) => faultOf(state)?.message ?? null),
    column.nullable.string('last_error_code', (state) => faultOf(state)?.code ?? null),
    column.nullable.string('action', (state) => faultOf(state)?.action ?? null),
    column.float64('failed_attempts', ({ connection }) => ('attempts' in connection ? connection.attempts : 0)),
    // Not a time: the browser's clock need not agree with ours.
    column.nullable.float64(
      'next_attempt_in_s',
      ({ connection }) =>
        'nextAttemptAtMs' in connection ? Math.max(0, connection.nextAttemptAtMs - nowMs) / 1000 : null,
      { config: { ...SECONDS, decimals: 0 } },
    ),
    column.time('since', ({ connection }) => connection.sinceMs),
    column.time('updated', () => nowMs),
  ];
}

/** Told from the state alone, so that it can be asked when there is no data. Always one row. */
function frames({ query, state, nowMs, format, keepFields = false }: FrameInput): readonly Frame[] {
  const numbers = numbersAt(nowMs);
  const number = chooseNumber({ type: 'connection', numbers }, query.value);
  const common = { name: 'connection', rows: [state], notices: [] };
  if (format === 'table') return [tableFrame({ ...common, columns: tableColumns(numbers, nowMs) })];
  return [numericFrame({ ...common, identity: [], number, keepFields })];
}

export const connectionEntry: QueryTypeEntry = {
  withoutData: true,
  frames,
  live: { action: 'replace', parts: ['main'] },
};
