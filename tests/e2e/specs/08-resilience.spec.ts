import type { ConnectionInfo } from '@topdeck/protocol/grafana';
import { eventually } from '../../fixtures/node-process.ts';
import { saveDashboard } from '../fixtures/dashboards.ts';
import { LiveClient } from '../fixtures/live-client.ts';
import { NoStreamProxy } from '../fixtures/no-stream-proxy.ts';
import { RuleWatch } from '../fixtures/rule-watch.ts';
import { EXECUTABLE, type Stack } from '../fixtures/stack.ts';
import { expect, test } from '../fixtures/test.ts';
import { BoardPage } from '../pages/board-page.ts';

const STALE = 'Diagnostics stale or disconnected';
const BROWSERS = 50;
const CHANNELS = ['services/main', 'topology/nodes', 'topology/edges', 'connection/main'];

/** Killed parts are missed in Grafana's log, by the plugin and by what asks it. */
test.use({
  expectedErrors: /topdeck-livediagnostics-datasource|logger=(plugin|live|ngalert|tsdb|context|grafana-apiserver)/,
});

const connection = (stack: Stack, uid = stack.uid): Promise<ConnectionInfo> =>
  stack.api.resource<ConnectionInfo>(uid, 'connection');

async function reaches(
  stack: Stack,
  state: ConnectionInfo['state'],
  { uid = stack.uid, timeoutMs = 60_000 } = {},
): Promise<void> {
  await eventually(
    `the connection is ${state}`,
    async () => ((await connection(stack, uid)).state === state ? true : undefined),
    timeoutMs,
  );
}

const goesOn = async (client: LiveClient, uid: string, path: string, timeoutMs = 15_000): Promise<void> => {
  const before = client.received(uid, path).length;
  const more = async (): Promise<true | undefined> =>
    client.received(uid, path).length > before + 1 ? true : undefined;
  await eventually(`messages on ${path}`, more, timeoutMs);
};

test(`${BROWSERS} browsers with ${CHANNELS.length} streams each are one connection at the bridge`, async ({
  stack,
}) => {
  const clients = await Promise.all(Array.from({ length: BROWSERS }, () => LiveClient.connect(stack.api)));
  try {
    for (const client of clients)
      for (const path of CHANNELS) expect(await client.subscribe(stack.uid, path)).toBeTruthy();
    for (const path of CHANNELS) await Promise.all(clients.map((client) => goesOn(client, stack.uid, path)));
    expect(await stack.system.connections()).toBe(1);
  } finally {
    for (const client of clients) client.close();
  }
});

test('nobody publishes on a channel, and there are no others', async ({ stack }) => {
  const client = await LiveClient.connect(stack.api);
  await client.subscribe(stack.uid, 'services/main');
  await expect(client.publish(stack.uid, 'services/main', { forged: true })).rejects.toThrow(/refuses/);
  await expect(client.subscribe(stack.uid, 'nothing/main')).rejects.toThrow(/refuses/);
  client.close();
});

test('settings saved while streams run: they go on with the new ones', async ({ stack }) => {
  const client = await LiveClient.connect(stack.api);
  const source = await stack.api.addDataSource({
    name: 'Saved anew',
    url: stack.system.bridgeUrl,
    jsonData: { updateIntervalS: 1 },
    secureJsonData: { token: stack.system.token },
  });
  await client.subscribe(source.uid, 'services/main');
  await goesOn(client, source.uid, 'services/main');
  const before = await stack.system.connections();
  await stack.api.changeDataSource(source.uid, { jsonData: { updateIntervalS: 2 } });
  await goesOn(client, source.uid, 'services/main', 20_000);
  await eventually(
    'the old connection is let go',
    async () => ((await stack.system.connections()) === before ? true : undefined),
    10_000,
  );
  client.close();
  await stack.api.deleteDataSource(source.uid);
});

test('the executable killed is back within two seconds, and streams go on', async ({ stack }, { annotations }) => {
  test.skip(stack.process === undefined, 'its process is not ours');
  const client = await LiveClient.connect(stack.api);
  await client.subscribe(stack.uid, 'services/main');
  await goesOn(client, stack.uid, 'services/main');
  const [pid] = stack.grafana.children(EXECUTABLE);
  process.kill(pid, 'SIGKILL');
  const killedMs = performance.now();
  await eventually(
    'a query is answered',
    async () => {
      const answered = await stack.api.query(stack.uid, { queryType: 'services' }).catch(() => undefined);
      return answered?.status === 200 ? true : undefined;
    },
    10_000,
  );
  const tookMs = Math.round(performance.now() - killedMs);
  annotations.push({ type: 'recovery', description: `${tookMs} ms` });
  process.stdout.write(`    the executable killed: answers again after ${tookMs} ms\n`);
  expect(tookMs).toBeLessThanOrEqual(2_000);
  expect(stack.grafana.children(EXECUTABLE).filter((id) => id !== pid)).toHaveLength(1);
  await goesOn(client, stack.uid, 'services/main');
  client.close();
});

test('without WebSocket it polls, says so, and rules go on', async ({ stack }) => {
  test.setTimeout(120_000);
  const proxy = await NoStreamProxy.start(stack.system.bridgeUrl);
  const { uid } = await stack.api.addDataSource({
    name: 'No stream',
    url: proxy.url,
    jsonData: { updateIntervalS: 1, pollIntervalS: 5 },
    secureJsonData: { token: stack.system.token },
  });
  try {
    await reaches(stack, 'polling', { uid, timeoutMs: 90_000 });
    const { status, frames } = await stack.api.query(uid, { queryType: 'services' });
    expect(status).toBe(200);
    expect(JSON.stringify(frames[0]?.schema.meta)).toMatch(/old/);
  } finally {
    await stack.api.deleteDataSource(uid);
    await proxy.stop();
  }
});

test('the bridge killed: an open panel says so, the rule fires; back again: all is well by itself', async ({
  stack,
  page,
}) => {
  test.skip(stack.process === undefined, 'the rule is provisioned');
  test.setTimeout(240_000);
  const path = await saveDashboard(stack.api, stack.uid, {
    uid: 'e2e-connection',
    title: 'Connection',
    panels: [
      { title: 'State', type: 'stat', query: { queryType: 'connection', format: 'numeric', value: 'state_code' } },
      { title: 'Services', type: 'table', query: { queryType: 'services', format: 'table' } },
    ],
  });
  const board = new BoardPage(page);
  await board.open(path);
  await expect.poll(() => board.stat('State')).toMatch(/websocket/i);
  const watch = new RuleWatch(stack.api);
  await expect.poll(() => watch.now(STALE), { timeout: 60_000 }).toBe('inactive');

  const before = await stack.system.connections();
  await stack.system.killBridge();
  await expect.poll(() => board.stat('State'), { timeout: 20_000 }).toMatch(/disconnected|polling/i);
  // What was known stays in sight.
  await expect(board.cells('Services').first()).toBeVisible();
  await expect.poll(() => watch.now(STALE), { timeout: 90_000 }).toBe('firing');
  expect(watch.of(STALE).slice(0, 3)).toEqual(['inactive', 'pending', 'firing']);

  await stack.system.startBridge();
  await reaches(stack, 'websocket', { timeoutMs: 45_000 });
  await expect.poll(() => board.stat('State'), { timeout: 20_000 }).toMatch(/websocket/i);
  await expect.poll(() => watch.now(STALE), { timeout: 60_000 }).toBe('inactive');
  await watch.stop();
  expect(await stack.system.connections()).toBe(before);
});

test('Grafana restarted: an open dashboard goes on without being loaded again', async ({ stack, page }) => {
  test.skip(stack.process === undefined, 'its process is not ours');
  test.setTimeout(120_000);
  const board = new BoardPage(page);
  await board.open(
    await saveDashboard(stack.api, stack.uid, {
      uid: 'e2e-restart',
      title: 'Restart',
      panels: [{ title: 'Seq', type: 'stat', query: { queryType: 'connection', format: 'numeric', value: 'seq' } }],
    }),
  );
  await expect.poll(() => board.stat('Seq')).toMatch(/\d/);
  await stack.grafana.restart();
  const before = await board.stat('Seq');
  await expect.poll(() => board.stat('Seq'), { timeout: 60_000 }).not.toBe(before);
  expect((await stack.api.health(stack.uid)).status).toBe('OK');
  expect(await stack.system.connections()).toBe(1);
});
