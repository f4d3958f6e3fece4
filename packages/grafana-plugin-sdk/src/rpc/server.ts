import type { ServerOptions } from 'node:http2';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { GRPCBroker, GRPCController, GRPCStdio } from '../generated/go-plugin-pb.js';
import { Health } from '../generated/health-pb.js';
import { Data, Diagnostics, Resource, Stream } from '../generated/pluginv2-pb.js';
import type { Plugin } from '../handlers/plugin.ts';
import { brokerService } from './broker-service.ts';
import { controllerService } from './controller-service.ts';
import { dataService } from './data-service.ts';
import { serviceDefinition } from './definition.ts';
import { diagnosticsService } from './diagnostics-service.ts';
import type { Ground } from './handle.ts';
import { healthService } from './health-service.ts';
import { resourceService } from './resource-service.ts';
import { stdioService } from './stdio-service.ts';
import { streamService } from './stream-service.ts';

const UNLIMITED = -1;

/**
 * Node ends a connection on which too many streams were reset (its guard against HTTP/2's rapid reset; some 1,000 at once,
 * 33 a second). Each cancelled query is a reset, and there is one connection, whose other end is the host. The gRPC
 * library has no option for it, so it goes into the options that it makes its HTTP/2 server from.
 */
function allowResets(server: Server): void {
  const options = (server as unknown as { commonServerOptions: ServerOptions }).commonServerOptions;
  options.streamResetBurst = Number.MAX_SAFE_INTEGER;
  options.streamResetRate = Number.MAX_SAFE_INTEGER;
}

/** A gRPC server with what Grafana and go-plugin ask a plugin for; not listening yet. */
export function createServer(plugin: Plugin, ground: Ground, onShutdown: () => void): Server {
  const server = new Server({
    'grpc.max_receive_message_length': UNLIMITED,
    'grpc.max_send_message_length': UNLIMITED,
  });
  allowResets(server);
  const { data, chunkedData, health, metrics, resource, stream } = plugin;
  server.addService(serviceDefinition(Health), healthService(ground));
  server.addService(serviceDefinition(GRPCController), controllerService(onShutdown));
  server.addService(serviceDefinition(GRPCStdio), stdioService(ground));
  server.addService(serviceDefinition(GRPCBroker), brokerService(ground));
  server.addService(serviceDefinition(Diagnostics), diagnosticsService({ health, metrics }, ground));
  if (data || chunkedData) server.addService(serviceDefinition(Data), dataService({ data, chunkedData }, ground));
  if (resource) server.addService(serviceDefinition(Resource), resourceService(resource, ground));
  if (stream) server.addService(serviceDefinition(Stream), streamService(stream, ground));
  return server;
}

/** Takes a target of gRPC's (`unix:/path`, `host:port`); gives the port. */
export const bind =
  (server: Server) =>
  (target: string): Promise<number> =>
    new Promise((resolve, reject) => {
      server.bindAsync(target, ServerCredentials.createInsecure(), (error, port) => {
        if (error) reject(error);
        else resolve(port);
      });
    });

/** Takes no more calls, and resolves when the host has closed its connections. */
export const closed = (server: Server): Promise<void> =>
  new Promise((resolve, reject) => {
    server.tryShutdown((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
