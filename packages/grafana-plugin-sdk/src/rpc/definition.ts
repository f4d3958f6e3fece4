import { fromBinary, toBinary, type DescMessage, type DescService, type MessageShape } from '@bufbuild/protobuf';
import type { ServiceDefinition } from '@grpc/grpc-js';

const serializer =
  (schema: DescMessage) =>
  (message: MessageShape<DescMessage>): Buffer => {
    const { buffer, byteOffset, byteLength } = toBinary(schema, message);
    return Buffer.from(buffer, byteOffset, byteLength);
  };

const deserializer =
  (schema: DescMessage) =>
  (bytes: Buffer): MessageShape<DescMessage> =>
    fromBinary(schema, bytes);

/** A generated service in the form that the gRPC server takes. */
export function serviceDefinition(service: DescService): ServiceDefinition {
  return Object.fromEntries(
    service.methods.map(({ localName, name, methodKind, input, output }) => [
      localName,
      {
        path: `/${service.typeName}/${name}`,
        requestStream: methodKind === 'client_streaming' || methodKind === 'bidi_streaming',
        responseStream: methodKind === 'server_streaming' || methodKind === 'bidi_streaming',
        requestSerialize: serializer(input),
        requestDeserialize: deserializer(input),
        responseSerialize: serializer(output),
        responseDeserialize: deserializer(output),
      },
    ]),
  );
}
