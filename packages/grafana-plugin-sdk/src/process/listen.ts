import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HandshakeError, type Address, type HostEnvironment } from './environment.ts';
import type { Logger } from './logger.ts';

/** The smallest limit of the systems at hand (macOS: 104 bytes with the closing zero). */
const MAX_SOCKET_PATH = 103;

export type Bind = (address: string) => Promise<number>;

export interface Listening extends Address {
  /** Removes what was created, at once. */
  readonly release: () => void;
}

/** A folder that only this user can enter, so that nobody else can reach the socket. */
function socketFolder(parent: string): string | undefined {
  const folder = mkdtempSync(join(parent, 'plugin-'));
  if (Buffer.byteLength(join(folder, 's')) <= MAX_SOCKET_PATH) return folder;
  rmSync(folder, { recursive: true });
  return undefined;
}

async function listenOnSocket(bind: Bind, parent: string, log: Logger): Promise<Listening | undefined> {
  let folder: string | undefined;
  const release = (): void => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  };
  try {
    folder = socketFolder(parent);
    if (folder === undefined) {
      log.info('the path of the temporary folder is too long for a socket: listening on loopback', { parent });
      return undefined;
    }
    const address = join(folder, 's');
    await bind(`unix:${address}`);
    return { network: 'unix', address, release };
  } catch (error) {
    release();
    log.warn('no Unix socket to be had: listening on loopback', { parent, error });
    return undefined;
  }
}

async function listenOnLoopback(bind: Bind, { min, max }: HostEnvironment['ports']): Promise<Listening> {
  let last: unknown;
  for (let port = min; port <= max; port += 1) {
    try {
      return { network: 'tcp', address: `127.0.0.1:${await bind(`127.0.0.1:${port}`)}`, release: () => undefined };
    } catch (error) {
      last = error;
    }
  }
  throw new HandshakeError(`no loopback port between ${min} and ${max} is free: ${String(last)}`);
}

/** Listens on a Unix socket where there are any, else on loopback. */
export async function listen(bind: Bind, environment: HostEnvironment, log: Logger): Promise<Listening> {
  const socket =
    process.platform === 'win32' ? undefined : await listenOnSocket(bind, environment.socketFolder ?? tmpdir(), log);
  return socket ?? listenOnLoopback(bind, environment.ports);
}
