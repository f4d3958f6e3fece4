import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { REST_PREFIX, WS_PATH } from '@topdeck/protocol';
import type { HttpDependencies } from './dependencies.ts';
import { isPageBuilt } from './preview-page.ts';
import { VERSION } from './version.ts';

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2733; --soft: #5a6b7b; --paper: #fbfcfd; --line: #dbe2e9; --code: #f0f3f6; --link: #0b62c4; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e4eaf0; --soft: #98a8b7; --paper: #11171d; --line: #2a3540; --code: #1a222b; --link: #6cb2ff; }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 4rem 1.5rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1rem; margin: 2.5rem 0 .75rem; }
p { margin: 0 0 1rem; }
.soft { color: var(--soft); }
ul { list-style: none; margin: 0; padding: 0; border-top: 1px solid var(--line); }
li { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: .55rem 0; border-bottom: 1px solid var(--line); }
li a { flex: 0 0 19rem; overflow-wrap: anywhere; }
a { color: var(--link); text-underline-offset: .2em; }
pre { background: var(--code); border: 1px solid var(--line); border-radius: 6px; padding: .9rem 1rem; overflow-x: auto; font: 14px/1.6 ui-monospace, monospace; }
`;
const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

const LINKS: readonly (readonly [href: string, text: string])[] = [
  [`${REST_PREFIX}/snapshot`, 'the newest snapshot'],
  [`${REST_PREFIX}/health`, 'state of the sources'],
  [`${REST_PREFIX}/events`, 'what happened'],
  ['/docs', 'REST API'],
  ['/docs/json', 'REST API as OpenAPI'],
  ['/docs/asyncapi.json', 'WebSocket as AsyncAPI'],
  ['/metrics', 'self-metrics for Prometheus'],
  ['/healthz', 'alive'],
  ['/readyz', 'ready to answer'],
];

/** The name the reader used, as far as it is harmless in a page. */
const shownHost = (host: string | undefined): string =>
  host !== undefined && /^[\w.:[\]-]+$/.test(host) ? host : '127.0.0.1:8000';

interface Shown {
  /** Safe in HTML. */
  readonly host: string;
  readonly needsToken: boolean;
  readonly hasPanels: boolean;
}

/** A page without script or foreign resources. Its links go from where it is, for a proxy may serve it below another path. */
export function landingPage({ host, needsToken, hasPanels }: Shown): string {
  const header = needsToken ? ` -H 'Authorization: Bearer &lt;token&gt;'` : '';
  const links = LINKS.map(
    ([href, text]) => `<li><a href="${href.slice(1)}">${href}</a><span class="soft">${text}</span></li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Live Diagnostics</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Live Diagnostics</h1>
<p>This service reads a dependency graph and its metrics, finds out which services are unhealthy and why, and streams it to dashboards and scripts.</p>
<p class="soft">Version ${VERSION}${needsToken ? ' · a bearer token is needed to read' : ''}</p>
<p>${hasPanels ? '<a href="./">Panels</a> show it in the browser.' : 'Panels in the browser: <code>npm start</code>, or <code>npm run build -- --only preview</code> and a start of the bridge, puts them at this address.'}</p>
<h2>Links</h2>
<ul>
${links.join('\n')}
</ul>
<h2>From a terminal</h2>
<pre>curl${header} http://${host}${REST_PREFIX}/snapshot
websocat${header} 'ws://${host}${WS_PATH}?update_interval=5'</pre>
</main>
</body>
</html>
`;
}

/** Where it is found whatever is at `/`. */
const PATH = '/api';

/** SEC-6. Tells what this is and where to go on, and nothing about services. */
export function registerLandingPage(app: FastifyInstance, { auth, pageFolder }: HttpDependencies): void {
  const hasPanels = isPageBuilt(pageFolder);
  const options = {
    config: { access: 'public' as const },
    schema: { hide: true },
    helmet: {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          styleSrc: [STYLE_HASH],
          baseUri: ["'none'"],
          formAction: ["'none'"],
          frameAncestors: ["'none'"],
        },
      },
    },
  };
  for (const path of hasPanels ? [PATH] : [PATH, '/']) {
    app.get(path, options, (request, reply) => {
      const host = shownHost(request.headers.host);
      return reply.type('text/html; charset=utf-8').send(landingPage({ host, needsToken: auth.enabled, hasPanels }));
    });
  }
}
