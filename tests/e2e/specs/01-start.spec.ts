import { APP_ID } from '../../../build/plugins.ts';
import { expect, test } from '../fixtures/test.ts';
import { EXECUTABLE } from '../fixtures/stack.ts';

const OURS = /topdeck-/;
const UNSIGNED = /unsigned|signature/i;

test.describe('a Grafana with the plugin folder dropped in', () => {
  test.beforeEach(({ stack }) => {
    test.skip(stack.process === undefined, 'it was started by somebody else');
  });

  test('starts without an error, and warns of nothing but unsigned plugins', ({ stack }) => {
    const { log } = stack.grafana;
    expect(log.errors()).toEqual([]);
    expect(log.warningsOf(OURS).filter((line) => !UNSIGNED.test(line))).toEqual([]);
    expect(log.lines().some((line) => OURS.test(line) && /Plugin registered/.test(line))).toBe(true);
  });

  test('has the app enabled, the data source registered and its executable running once', async ({ stack }) => {
    const app = await stack.api.get<{ enabled: boolean; info: { version: string } }>(`/api/plugins/${APP_ID}/settings`);
    expect(app).toMatchObject({ enabled: true, info: { version: '0.1.0' } });
    const sources = await stack.api.get<{ id: string; type: string }[]>('/api/plugins?embedded=1&type=datasource');
    expect(sources.map(({ id }) => id)).toContain('topdeck-livediagnostics-datasource');
    expect(stack.grafana.children(EXECUTABLE)).toHaveLength(1);
  });

  test('checks the health of the data source hop by hop', async ({ stack }) => {
    const health = await stack.api.health(stack.uid);
    expect(health).toMatchObject({ httpStatus: 200, status: 'OK' });
    const hops = health.details?.['hops'] as { hop: string; state: string }[];
    expect(hops.map(({ hop, state }) => `${hop} ${state}`)).toEqual(
      ['bridge', 'authorisation', 'stream', 'topology', 'metrics', 'data'].map((hop) => `${hop} ok`),
    );
  });

  test('is given its dashboard and its alert rules by provisioning', async ({ stack }) => {
    const found = await stack.api.get<{ uid: string }[]>('/api/search?type=dash-db');
    expect(found.map(({ uid }) => uid)).toContain('topdeck-live-diagnostics-overview');
    const rules = await stack.api.rules();
    expect(rules.map(({ name }) => name).sort()).toEqual(
      [
        'Abnormal traffic',
        'Critical anomaly',
        'Diagnostics stale or disconnected',
        'Failing dependency',
        'Overall health critical or unknown',
        'Service failed',
        'Service health low',
      ].sort(),
    );
  });
});
