import { create } from '@bufbuild/protobuf';
import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import {
  CallResourceResponseSchema,
  type CallResourceRequest,
  type CallResourceResponse,
  type StringList,
  StringListSchema,
} from '../generated/pluginv2-pb.js';
import type { CallResourceHandler, ResourceRequest, SendResource } from '../handlers/call-resource.ts';
import { encodeText, pluginContext } from './convert.ts';
import { serverStream, type Ground, type Send } from './handle.ts';

const request = (message: CallResourceRequest): ResourceRequest => ({
  context: pluginContext(message.pluginContext),
  method: message.method,
  path: message.path,
  url: message.url,
  headers: Object.fromEntries(Object.entries(message.headers).map(([name, { values }]) => [name, values])),
  body: message.body,
});

const sendTo =
  (send: Send<CallResourceResponse>): SendResource =>
  ({ status = 200, headers = {}, body = '' }) => {
    const bytes = typeof body === 'string' ? encodeText(body) : body;
    const lists = Object.entries(headers).map(([name, values]): [string, StringList] => [
      name,
      create(StringListSchema, { values: [...values] }),
    ]);
    const message = { code: status, headers: Object.fromEntries(lists), body: bytes };
    return send(create(CallResourceResponseSchema, message), bytes.byteLength);
  };

export function resourceService(handler: CallResourceHandler, ground: Ground): UntypedServiceImplementation {
  return {
    callResource: serverStream<CallResourceRequest, CallResourceResponse>(ground, 'finite', (message, send, call) =>
      handler.callResource(request(message), sendTo(send), call),
    ),
  };
}
