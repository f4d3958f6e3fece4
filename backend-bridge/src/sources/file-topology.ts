import { open, stat } from 'node:fs/promises';
import type { BigIntStats } from 'node:fs';
import { basename, extname } from 'node:path';
import type { Topology } from '@topdeck/protocol';
import { BridgeError } from '../errors.ts';
import { parseTopologyFile, type FileFormat } from './file-topology-format.ts';
import { RefreshingTopologySource, type TopologyReader, type TopologySourceDeps } from './topology-refresher.ts';
import type { TopologySource } from './topology-source.ts';

export interface FileTopologyOptions extends Omit<FileFormat, 'format'> {
  /** YAML, or JSON by its extension. */
  readonly path: string;
}

/** How often the file is looked at. */
const LOOK_EVERY_MS = 1000;
const MISSING = 'missing';

const signatureOf = (stats: BigIntStats): string => `${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`;

/**
 * Looks at the file's state by the clock rather than by fs.watch: a watch follows the inode, which editors and
 * Kubernetes replace, and tells nothing on network or bind mounts; one stat a second costs nothing and works on all.
 */
class FileReader implements TopologyReader {
  readonly kind = 'file';
  readonly #path: string;
  readonly #format: FileFormat;
  /** Signature of what was last read, good or bad. */
  #read: string | undefined;
  #seen: string | undefined;

  constructor({ path, ...format }: FileTopologyOptions) {
    this.#path = path;
    this.#format = { ...format, format: extname(path).toLowerCase() === '.json' ? 'json' : 'yaml' };
  }

  /** True once a change has stood still for one look: a file being written is often valid, but not yet whole. */
  async changed(): Promise<boolean> {
    const now = await stat(this.#path, { bigint: true }).then(signatureOf, () => MISSING);
    const stoodStill = now === this.#seen;
    this.#seen = now;
    return stoodStill && now !== this.#read;
  }

  async load(): Promise<Topology> {
    const text = await this.#readText();
    return parseTopologyFile(text, this.#format);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** The signature is taken from the open file before its text, so that a change in between is seen at the next look. */
  async #readText(): Promise<string> {
    this.#read = MISSING;
    try {
      await using file = await open(this.#path, 'r');
      const stats = await file.stat({ bigint: true });
      this.#read = signatureOf(stats);
      return await file.readFile('utf8');
    } catch (cause) {
      const reason = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
      throw new BridgeError('TOPOLOGY_FILE_UNREADABLE', { detail: `${basename(this.#path)} (${reason})`, cause });
    }
  }
}

/**
 * The service graph of a file, read again when it changes. `start` rejects with TOPOLOGY_FILE_UNREADABLE,
 * TOPOLOGY_FILE_INVALID or TOPOLOGY_TOO_LARGE; the same faults later leave the last good topology, marked stale.
 */
export function createFileTopology(options: FileTopologyOptions, deps: TopologySourceDeps): TopologySource {
  const policy = {
    intervalMs: LOOK_EVERY_MS,
    retryDelayMs: () => LOOK_EVERY_MS,
    fatalAtStart: new Set(['TOPOLOGY_FILE_UNREADABLE', 'TOPOLOGY_FILE_INVALID', 'TOPOLOGY_TOO_LARGE'] as const),
  };
  return new RefreshingTopologySource(new FileReader(options), policy, deps);
}
