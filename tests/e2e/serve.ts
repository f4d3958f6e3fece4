/**
 * `npm run e2e:serve`: the stack of the end-to-end tests, to be looked at: Grafana with the plugin of dist/ and the
 * provisioning of this repository, the bridge, and what it watches. Ends with Ctrl-C, and takes everything with it.
 */
import { Stack } from './fixtures/stack.ts';

const stack = await Stack.start();
const { system, api } = stack;
const simulator = await system.simulatorUrl();
const rows: readonly (readonly [string, string | undefined])[] = [
  ['Grafana', `${stack.url}  (${api.credentials.user} / ${api.credentials.password})`],
  ['its log', stack.process?.log.path],
  ['data source', `${stack.dataSourceName}, uid ${stack.uid}`],
  ['bridge', `${system.bridgeUrl}  (Bearer ${system.token})`],
  ['Prometheus', system.prometheusUrl ?? 'not installed: the bridge simulates its metrics'],
  ['simulator', simulator],
  [
    'a fault',
    simulator &&
      `curl -X POST -H 'content-type: application/json' -d '{"kind":"down","target":"payments"}' ${simulator}/faults`,
  ],
];
for (const [name, value] of rows) if (value !== undefined) console.log(`${name.padEnd(12)} ${value}`);

await new Promise<void>((resolve) => {
  process.once('SIGINT', resolve);
  process.once('SIGTERM', resolve);
  // Pipes of the started processes do not keep this one alive.
  const alive = setInterval(() => {}, 60_000);
  process.once('exit', () => clearInterval(alive));
});
await stack.stop();
process.exit();
