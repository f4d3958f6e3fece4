import type { Plugin } from '../handlers/plugin.ts';
import { Calls } from '../rpc/calls.ts';
import { bind, closed, createServer } from '../rpc/server.ts';
import { createEnd, watchForEnd } from './end.ts';
import { handshakeLine, isStartedByHost, readEnvironment, type HostEnvironment } from './environment.ts';
import { listen } from './listen.ts';
import type { Logger, LogLevel } from './logger.ts';
import { takeOutput, type Output } from './output.ts';

export interface ServeOptions {
  /** Names the log's lines; the plugin's id, for instance. */
  readonly name: string;
  /** Lower lines are not written; the host filters by its own settings. `debug` by default. */
  readonly logLevel?: LogLevel;
}

/**
 * Serves the plugin to the host that started this process, and ends the process when the host wants it or has gone. To be
 * called once, from the executable's entry. From then on what is printed becomes log entries. `create` gets the log.
 */
export async function serve(options: ServeOptions, create: (log: Logger) => Plugin | Promise<Plugin>): Promise<void> {
  if (!isStartedByHost(process.env)) {
    process.stderr.write('This is a plugin for Grafana, which starts it by itself; it does nothing on its own.\n');
    process.exit(1);
  }
  const output = takeOutput({ module: options.name, ...(options.logLevel && { level: options.logLevel }) });
  try {
    const environment = readEnvironment(process.env);
    await start(await create(output.log), environment, output);
  } catch (error) {
    output.log.error('the plugin could not start', { error });
    process.exit(1);
  }
}

async function start(plugin: Plugin, environment: HostEnvironment, output: Output): Promise<void> {
  const { log, handshake } = output;
  const calls = new Calls();
  const server = createServer(plugin, { calls, log }, () => end.request('Shutdown'));
  const listening = await listen(bind(server), environment, log);
  process.on('exit', listening.release);
  const end = createEnd({
    log,
    drain: async (graceOver) => {
      const connections = closed(server);
      await calls.drain(graceOver);
      await plugin.dispose?.();
      const forced = new Promise<void>((resolve) => graceOver.addEventListener('abort', () => resolve()));
      await Promise.race([connections, graceOver.aborted ? undefined : forced]);
      server.forceShutdown();
    },
  });
  watchForEnd(end, log);
  handshake(handshakeLine(listening, environment));
  log.debug('serving', { network: listening.network, address: listening.address });
}
