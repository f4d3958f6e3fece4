import { mkdir, readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import webpack from 'webpack';
import { CACHE } from '../../../build/paths.ts';
import { runWebpack } from '../../../build/run-webpack.ts';
import configure from '../../../webpack.config.ts';

const FOLDER = join(CACHE, 'ui-bench');
/** Compiled by {@link buildPage}; to be run in a page of Grafana. */
export const WATCH_SCRIPT = join(FOLDER, 'in-grafana.js');
const HTML = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Topology</title>
<link rel="stylesheet" href="/page.css"><body><script src="/page.js"></script></body></html>`;
const STYLE = 'body { margin: 0; background: #181b1f; } canvas { display: block; }';
const TYPES: Readonly<Record<string, string>> = { html: 'text/html', css: 'text/css', js: 'text/javascript' };

/** Compiles the page as the plugins are compiled: the same loader, and a worker of its own file. Takes some seconds. */
export async function buildPage(): Promise<void> {
  const panel = configure({ production: true }).find(({ name }) => name === 'topdeck-topology-panel');
  await mkdir(FOLDER, { recursive: true });
  await runWebpack(
    webpack({
      mode: 'production',
      context: join(import.meta.dirname, '../../..'),
      entry: {
        page: join(import.meta.dirname, 'page/page.ts'),
        'in-grafana': join(import.meta.dirname, 'page/in-grafana.ts'),
      },
      module: panel?.module,
      resolve: panel?.resolve,
      output: { path: FOLDER, filename: '[name].js', chunkFilename: '[name].js', publicPath: 'auto', clean: true },
      devtool: false,
      performance: { hints: false },
    }),
  );
}

export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the page on loopback under a policy as strict as the preview's, of which a part can be replaced. */
export async function servePage(policy: Readonly<Record<string, string>> = {}): Promise<PageServer> {
  const directives = {
    'default-src': "'none'",
    'script-src': "'self'",
    'worker-src': "'self'",
    'style-src': "'self'",
    ...policy,
  };
  const server = createServer((request, response) => {
    const name = request.url === '/' ? 'index.html' : (request.url ?? '').slice(1);
    contentOf(name).then(
      (content) => {
        response.setHeader('content-type', TYPES[name.split('.').at(-1) ?? ''] ?? 'text/plain');
        response.setHeader('content-security-policy', policyText(directives));
        response.end(content);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => close(server) };
}

const policyText = (directives: Readonly<Record<string, string>>): string =>
  Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');

async function contentOf(name: string): Promise<string> {
  if (name === 'index.html') return HTML;
  if (name === 'page.css') return STYLE;
  if (!/^[\w-]+\.js$/.test(name)) throw new Error(`no such file: ${name}`);
  return readFile(join(FOLDER, name), 'utf8');
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
