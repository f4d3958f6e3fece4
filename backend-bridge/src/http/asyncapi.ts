import {
  CLIENT_MESSAGES,
  CLOSE_CODES,
  ConnectQuery,
  SERVER_MESSAGES,
  WS_PATH,
  type ClientMessageType,
  type ServerMessageType,
} from '@topdeck/protocol';
import { ERRORS } from '../errors.ts';
import { plainSchema, referNamedSchemas, type JsonObject } from './json-schema.ts';

/** What the bridge answers to a message; `error` can answer any. */
const REPLIES: Readonly<Record<ClientMessageType, readonly ServerMessageType[]>> = {
  ping: ['pong'],
  get_snapshot: ['snapshot_update'],
  subscribe: ['subscribed', 'snapshot_update'],
  unsubscribe: ['unsubscribed', 'snapshot_update'],
  resume: ['snapshot_delta', 'snapshot_update'],
};

const CHANNEL = 'liveDiagnostics';
const ref = (path: string): JsonObject => ({ $ref: `#/${path}` });
const channelMessage = (type: string): JsonObject => ref(`channels/${CHANNEL}/messages/${type}`);
const camelCase = (type: string): string => type.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

function message(type: string, schema: object): JsonObject {
  const payload = plainSchema(schema);
  const { description } = payload;
  return { name: type, ...(description !== undefined && { summary: description }), payload };
}

const SERVER_TYPES = Object.keys(SERVER_MESSAGES) as ServerMessageType[];
const CLIENT_TYPES = Object.keys(CLIENT_MESSAGES) as ClientMessageType[];

function operations(): JsonObject {
  const channel = ref(`channels/${CHANNEL}`);
  const sends: JsonObject = {
    action: 'send',
    channel,
    summary: 'What the bridge sends by itself and in answer',
    messages: SERVER_TYPES.map(channelMessage),
  };
  const receives = CLIENT_TYPES.map((type): [string, JsonObject] => [
    `receive${camelCase(`_${type}`)}`,
    {
      action: 'receive',
      channel,
      messages: [channelMessage(type)],
      reply: { channel, messages: [...REPLIES[type], 'error'].map(channelMessage) },
    },
  ]);
  return { sendUpdates: sends, ...Object.fromEntries(receives) };
}

function description(): string {
  const codes = Object.entries(CLOSE_CODES).map(
    ([code, number]) => `- ${number} ${code}: ${ERRORS[code as keyof typeof CLOSE_CODES].message}`,
  );
  return [
    'Live service health over a WebSocket. The rules of behaviour are numbered in packages/protocol/SPEC.md.',
    'Close codes besides those of RFC 6455:',
    codes.join('\n'),
  ].join('\n\n');
}

/** The AsyncAPI 3.0 description of the WebSocket, derived from the same schemas that messages are checked with. */
export function asyncApiDocument(version: string): JsonObject {
  const messages = Object.fromEntries(
    Object.entries({ ...SERVER_MESSAGES, ...CLIENT_MESSAGES }).map(([type, schema]) => [type, message(type, schema)]),
  );
  const { document, schemas } = referNamedSchemas({ messages });
  return {
    asyncapi: '3.0.0',
    info: { title: 'Live Diagnostics', version, description: description(), license: { name: 'Apache-2.0' } },
    defaultContentType: 'application/json',
    servers: {
      local: { host: '127.0.0.1:8000', protocol: 'ws', security: [ref('components/securitySchemes/bearer')] },
    },
    channels: {
      [CHANNEL]: {
        address: WS_PATH,
        messages: Object.fromEntries(Object.keys(messages).map((type) => [type, ref(`components/messages/${type}`)])),
        bindings: { ws: { method: 'GET', query: plainSchema(ConnectQuery), bindingVersion: '0.1.0' } },
      },
    },
    operations: operations(),
    components: {
      messages: document['messages'] as JsonObject,
      schemas,
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'Where authentication is configured. Browsers offer the subprotocols topdeck.v1, bearer.<token>',
        },
      },
    },
  };
}
