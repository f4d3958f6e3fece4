import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { HttpDependencies } from './dependencies.ts';
import { VERSION } from './version.ts';

const ASSETS = 'assets';
/** What is below it has its content, or its version, in its name. */
const FOR_GOOD_MS = 365 * 24 * 3_600_000;
/** What the build leaves open in the page. */
const BRIDGE_FACTS = '{{bridge}}';

/** SEC-8. Styles are put in by scripts as they are needed, which a policy can only allow as a whole. */
const POLICY = {
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    workerSrc: ["'self'"],
    connectSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
};

export const isPageBuilt = (folder: string | undefined): folder is string =>
  folder !== undefined && existsSync(join(folder, 'index.html'));

/** JSON in an attribute. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

function registerIndex(app: FastifyInstance, folder: string, needsToken: boolean): void {
  const facts = escaped(JSON.stringify({ version: VERSION, needsToken }));
  const page = readFileSync(join(folder, 'index.html'), 'utf8').replace(BRIDGE_FACTS, () => facts);
  const etag = `"${createHash('sha256').update(page).digest('base64url')}"`;
  app.get(
    '/',
    { config: { access: 'public' }, schema: { hide: true }, helmet: { contentSecurityPolicy: POLICY } },
    (request, reply) => {
      reply.headers({ etag, 'cache-control': 'no-cache' });
      if (request.headers['if-none-match'] === etag) return reply.code(304).send();
      return reply.type('text/html; charset=utf-8').send(page);
    },
  );
}

/** SEC-6, SEC-8. The panels at `/`, where they were built. Their data needs what all data needs. */
export async function registerPreviewPage(app: FastifyInstance, { auth, pageFolder }: HttpDependencies): Promise<void> {
  if (!isPageBuilt(pageFolder)) return;
  registerIndex(app, pageFolder, auth.enabled);
  await app.register(async (scope) => {
    scope.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: 'public' };
    });
    await scope.register(fastifyStatic, {
      root: join(pageFolder, ASSETS),
      prefix: `/${ASSETS}/`,
      decorateReply: false,
      index: false,
      redirect: false,
      preCompressed: true,
      maxAge: FOR_GOOD_MS,
      immutable: true,
    });
  });
}
