import { create } from '@bufbuild/protobuf';
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import { frameToJson } from '../frames/json.ts';
import {
  PublishStreamResponse_Status as PublishStatus,
  PublishStreamResponseSchema,
  StreamPacketSchema,
  SubscribeStreamResponse_Status as SubscribeStatus,
  SubscribeStreamResponseSchema,
  type PublishStreamRequest,
  type PublishStreamResponse,
  type RunStreamRequest,
  type StreamPacket,
  type SubscribeStreamRequest,
  type SubscribeStreamResponse,
} from '../generated/pluginv2-pb.js';
import type { Publication, StreamHandler, StreamRequest, StreamSender, Subscription } from '../handlers/stream.ts';
import { encodeText, pluginContext } from './convert.ts';
import { serverStream, unary, type Ground, type Send } from './handle.ts';

const request = (message: Pick<RunStreamRequest, 'pluginContext' | 'path' | 'data' | 'headers'>): StreamRequest => ({
  context: pluginContext(message.pluginContext),
  path: message.path,
  data: message.data,
  headers: message.headers,
});

const SUBSCRIBE: Readonly<Record<Subscription['verdict'], SubscribeStatus>> = {
  ok: SubscribeStatus.OK,
  'not found': SubscribeStatus.NOT_FOUND,
  'permission denied': SubscribeStatus.PERMISSION_DENIED,
};
const PUBLISH: Readonly<Record<Publication['verdict'], PublishStatus>> = {
  ok: PublishStatus.OK,
  'not found': PublishStatus.NOT_FOUND,
  'permission denied': PublishStatus.PERMISSION_DENIED,
};

function initialData({ verdict, initial }: Subscription): Uint8Array {
  if (verdict !== 'ok' || initial === undefined) return encodeText('');
  return encodeText('frame' in initial ? frameToJson(initial.frame) : JSON.stringify(initial.json));
}

function sendTo(send: Send<StreamPacket>): StreamSender {
  const packet = async (text: string): Promise<void> => {
    const data = encodeText(text);
    await send(create(StreamPacketSchema, { data }), data.byteLength);
  };
  return {
    frame: async (frame, parts) => packet(frameToJson(frame, parts)),
    json: async (value) => packet(JSON.stringify(value)),
  };
}

export function streamService(handler: StreamHandler, ground: Ground): UntypedServiceImplementation {
  return {
    subscribeStream: unary<SubscribeStreamRequest, SubscribeStreamResponse>(ground, async (message, call) => {
      const subscription = await handler.subscribeStream(request(message), call);
      return create(SubscribeStreamResponseSchema, {
        status: SUBSCRIBE[subscription.verdict],
        data: initialData(subscription),
      });
    }),
    runStream: serverStream<RunStreamRequest, StreamPacket>(ground, 'endless', (message, send, call) =>
      handler.runStream(request(message), sendTo(send), call),
    ),
    publishStream: unary<PublishStreamRequest, PublishStreamResponse>(ground, async (message, call) => {
      const publication = (await handler.publishStream?.(request(message), call)) ?? {
        verdict: 'permission denied' as const,
      };
      return create(PublishStreamResponseSchema, {
        status: PUBLISH[publication.verdict],
        data: encodeText(publication.json === undefined ? '' : JSON.stringify(publication.json)),
      });
    }),
  };
}
