import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { listFiles, type ArchiveEntry } from '../archive.ts';

/** A built plugin as the checks see it: files by their path below its folder, with forward slashes. */
export interface BuiltPlugin {
  readonly files: ReadonlyMap<string, ArchiveEntry>;
  read(path: string): Buffer;
}

export async function openBuiltPlugin(folder: string): Promise<BuiltPlugin> {
  const files = new Map((await listFiles(folder)).map((entry) => [entry.path, entry]));
  return { files, read: (path) => readFileSync(join(folder, path)) };
}

/** One plugin.json, of the app or of a plugin within it. */
export interface Part {
  /** Of the plugin.json. */
  readonly path: string;
  readonly folder: string;
  readonly meta: Meta;
}

/** The keys that checks ask for; that they have these types is what the first check is about. */
export interface Meta {
  readonly id?: string;
  readonly type?: string;
  readonly name?: string;
  readonly backend?: boolean;
  readonly alerting?: boolean;
  readonly executable?: string;
  readonly languages?: readonly string[];
  readonly info?: {
    readonly description?: string;
    readonly keywords?: readonly string[];
    readonly version?: string;
    readonly updated?: string;
    readonly logos?: { readonly small?: string; readonly large?: string };
    readonly screenshots?: readonly { readonly name?: string; readonly path?: string }[];
    readonly links?: readonly { readonly name?: string; readonly url?: string }[];
  };
  readonly includes?: readonly { readonly type?: string; readonly path?: string; readonly name?: string }[];
  readonly dependencies?: { readonly grafanaDependency?: string };
}

export const ROOT_METADATA = 'plugin.json';

/** Every plugin.json that is an object; the others are told by the first check. */
export function partsOf(plugin: BuiltPlugin): readonly Part[] {
  return metadataPaths(plugin).flatMap((path) => {
    const meta = parseObject(plugin.read(path));
    return meta === undefined ? [] : [{ path, folder: folderOf(path), meta }];
  });
}

export const metadataPaths = ({ files }: BuiltPlugin): readonly string[] =>
  [...files.keys()].filter((path) => posix.basename(path) === ROOT_METADATA);

export function parseObject(bytes: Buffer): Meta | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const folderOf = (path: string): string => {
  const folder = posix.dirname(path);
  return folder === '.' ? '' : `${folder}/`;
};
