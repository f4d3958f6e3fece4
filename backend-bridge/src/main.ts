import { readFileSync } from 'node:fs';
import { createApp } from './app.ts';
import { loadConfig, type Config } from './config.ts';
import { systemClock } from './clock.ts';
import { BridgeError, startFaultText } from './errors.ts';
import { startTable } from './start-table.ts';
import { createLog } from './telemetry/log.ts';

/** Exit codes of sysexits.h: a supervisor may restart after 69, but must not after 77 and 78. */
const EXIT = { ok: 0, failed: 1, unavailable: 69, refused: 77, config: 78 } as const;

const version = (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string })
  .version;

function exitCode(error: unknown): number {
  if (!(error instanceof BridgeError)) return EXIT.failed;
  if (error.code.endsWith('_AUTH_FAILED')) return EXIT.refused;
  return error.code === 'PORT_IN_USE' || error.code === 'ADDRESS_UNAVAILABLE' ? EXIT.unavailable : EXIT.config;
}

const tellFault = (error: unknown): void => void process.stderr.write(startFaultText(error));

async function run(config: Config): Promise<void> {
  const pretty = config.LOG_FORMAT === 'pretty' || (config.LOG_FORMAT === 'auto' && process.stdout.isTTY);
  const log = createLog({ level: config.LOG_LEVEL, pretty });
  const app = await createApp(config, { clock: systemClock, log });

  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    // A second signal means that whoever sent it does not want to wait.
    if (stopping) process.exit(EXIT.failed);
    stopping = true;
    log.info({ event: 'bridge.stopping', signal });
    app.close().then(
      () => process.exit(EXIT.ok),
      (error: unknown) => {
        tellFault(error);
        process.exit(EXIT.failed);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);

  const { url, status } = await app.listen();
  process.stderr.write(startTable({ config, status, url, authenticated: app.authenticated, version }));
  log.info({ event: 'bridge.started', url, version });
}

try {
  await run(loadConfig());
} catch (error) {
  tellFault(error);
  process.exit(exitCode(error));
}
