import Type, { type Static } from 'typebox';
import { SnapshotDeltaSchema } from './delta-schema.ts';
import { EVENT_DATA, type EventType } from './events.ts';
import { Incident } from './incidents.ts';
import { ResourceId, Timestamp } from './primitives.ts';
import { Snapshot } from './snapshot.ts';

export const WS_PATH = '/api/v1/ws/live-diagnostics';
export const REST_PREFIX = '/api/v1/live-diagnostics';
/** Offered by browsers that cannot set a header: `Sec-WebSocket-Protocol: topdeck.v1, bearer.<token>`. */
export const WS_SUBPROTOCOL = 'topdeck.v1';
export const WS_TOKEN_SUBPROTOCOL_PREFIX = 'bearer.';

/** Query string of the WebSocket URL. */
export const ConnectQuery = Type.Object({
  update_interval: Type.Integer({ minimum: 1, maximum: 60, default: 10, description: 'seconds between updates' }),
  delta: Type.Enum(['0', '1'], {
    default: '0',
    description: '1 asks for the extended stream: epoch, seq, deltas, resume',
  }),
  incidents: Type.Enum(['0', '1'], { default: '0', description: '1, beside delta=1, asks for the incident_ messages' }),
});
export type ConnectQuery = Static<typeof ConnectQuery>;

/** Position in the stream; on every message of the extended stream, on none of the original one. */
const position = {
  epoch: Type.Optional(
    Type.String({ description: 'changes when the bridge restarts; numbers of two epochs do not compare' }),
  ),
  seq: Type.Optional(Type.Integer({ description: 'ascending within an epoch; what resume takes' })),
};

const envelope = <T extends string, P extends Record<string, Type.TSchema>>(type: T, rest: P, description: string) =>
  Type.Object({ type: Type.Literal(type), timestamp: Timestamp, ...position, ...rest }, { description });

const ids = Type.Array(ResourceId);

export const SERVER_MESSAGES = {
  connected: envelope(
    'connected',
    { message: Type.String(), update_interval: Type.Integer(), collect_interval: Type.Optional(Type.Number()) },
    'First message on every connection',
  ),
  snapshot_update: envelope('snapshot_update', { data: Snapshot }, 'A full snapshot of the client’s view'),
  snapshot_delta: envelope(
    'snapshot_delta',
    { base_seq: Type.Integer({ description: 'seq of the state this applies to' }), data: SnapshotDeltaSchema },
    'Extended stream: what changed since base_seq',
  ),
  health_change: envelope('health_change', { data: EVENT_DATA.health_change }, 'Status of a service changed'),
  anomaly_detected: envelope('anomaly_detected', { data: EVENT_DATA.anomaly_detected }, 'An anomaly opened'),
  traffic_anomaly: envelope('traffic_anomaly', { data: EVENT_DATA.traffic_anomaly }, 'An edge became abnormal'),
  anomaly_resolved: envelope(
    'anomaly_resolved',
    { data: EVENT_DATA.anomaly_resolved },
    'Extended stream: an anomaly ended',
  ),
  incident_opened: envelope('incident_opened', { data: Incident }, 'incidents=1: an incident opened, or came back'),
  incident_updated: envelope(
    'incident_updated',
    { data: Incident },
    'incidents=1: an incident grew or is better known',
  ),
  incident_resolved: envelope('incident_resolved', { data: Incident }, 'incidents=1: an incident ended or was merged'),
  pong: envelope('pong', {}, 'Answer to ping, before anything else'),
  error: envelope('error', { message: Type.String(), code: Type.String() }, 'The last message was not accepted'),
  subscribed: envelope(
    'subscribed',
    { resource_ids: ids, depth: Type.Optional(Type.Integer()) },
    'Answer to subscribe',
  ),
  unsubscribed: envelope('unsubscribed', { resource_ids: ids }, 'Answer to unsubscribe'),
} as const;

export type ServerMessageType = keyof typeof SERVER_MESSAGES;
export type ServerMessage = { [T in ServerMessageType]: Static<(typeof SERVER_MESSAGES)[T]> }[ServerMessageType];
export type EventMessage = Extract<ServerMessage, { type: EventType }>;

/** Messages beyond these keys are accepted and the extra keys ignored, as the original did. */
export const CLIENT_MESSAGES = {
  ping: Type.Object({ type: Type.Literal('ping') }),
  get_snapshot: Type.Object({ type: Type.Literal('get_snapshot') }),
  subscribe: Type.Object({
    type: Type.Literal('subscribe'),
    resource_ids: ids,
    depth: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 5, description: 'also neighbours up to this many edges away' }),
    ),
  }),
  unsubscribe: Type.Object({
    type: Type.Literal('unsubscribe'),
    resource_ids: Type.Optional(Type.Array(ResourceId, { description: 'absent: all' })),
  }),
  resume: Type.Object({
    type: Type.Literal('resume'),
    epoch: Type.String({ maxLength: 64 }),
    seq: Type.Integer({ minimum: 0, description: 'seq of the last message received' }),
    state_seq: Type.Optional(
      Type.Integer({ minimum: 0, description: 'seq of the last snapshot or delta, when it is not seq' }),
    ),
  }),
} as const;
export type ClientMessageType = keyof typeof CLIENT_MESSAGES;
export type ClientMessage = { [T in ClientMessageType]: Static<(typeof CLIENT_MESSAGES)[T]> }[ClientMessageType];

/** WebSocket close codes in the private range, each with the error code that goes into the close reason. */
export const CLOSE_CODES = {
  SLOW_CLIENT: 4001,
  IDLE_TIMEOUT: 4002,
  MESSAGE_RATE_EXCEEDED: 4003,
  AUTH_EXPIRED: 4004,
} as const;
