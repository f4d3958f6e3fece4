import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CurrentUser } from '@grafana/data';
import {
  setBackendSrv,
  setCurrentUser,
  setDataSourceSrv,
  setGrafanaLiveSrv,
  type BackendSrv,
  type BackendSrvRequest,
  type DataSourceSrv,
  type GrafanaLiveSrv,
} from '@grafana/runtime';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { MemoryRouter } from 'react-router-dom-v5-compat';
import { BehaviorSubject } from 'rxjs';
import { SetUpPage } from '../../app/set-up/SetUpPage.tsx';
import { TEST_IDS } from '../../ui/test-ids.ts';
import { DATA_SOURCE_TYPE } from '../../ui/source.ts';
import { FakeBackend } from '../fake-grafana.ts';

const ids = TEST_IDS.app;
const user = { permissions: {} as Record<string, boolean> };
let backend: FakeBackend;
let sources: { uid: string; name: string }[];
let live: BehaviorSubject<boolean>;

/** Grafana lists its own data source whatever type is asked for. */
const listed = (): object[] => [
  ...sources.map((source) => ({ ...source, type: DATA_SOURCE_TYPE })),
  { uid: 'grafana', name: '-- Grafana --', type: 'datasource' },
];

/** Grafana's links need one; the flags are of its next version and keep it from warning. */
const Router = ({ children }: { readonly children: ReactNode }) => (
  <MemoryRouter future={{ v7_startTransition: true, v7_relativeSplatPath: true }}>{children}</MemoryRouter>
);

type Answers = Record<string, (request: BackendSrvRequest) => unknown>;

const refusal = (status: number, data: unknown): unknown => ({ status, data, config: { url: '' } });
const HOPS = [
  { hop: 'bridge', state: 'ok', text: 'version 0.1.0', latencyMs: 12.4 },
  { hop: 'metrics', state: 'error', text: 'Prometheus does not answer', action: 'Start it' },
];
const STORED = { uid: 'other', name: 'Mine', url: 'http://mine:8000', readOnly: false, jsonData: { timeoutS: 7 } };

const ANSWERS: Answers = {
  'GET /api/health': () => ({ database: 'ok' }),
  'GET /api/datasources/uid/other': () => STORED,
  'GET /api/datasources/uid/other/health': () => {
    throw refusal(400, { status: 'ERROR', message: 'no metrics', details: { hops: HOPS } });
  },
  'GET /api/datasources/uid/topdeck-live-diagnostics/health': () => ({
    status: 'OK',
    message: 'all well',
    details: { hops: HOPS.slice(0, 1) },
  }),
  'POST /api/datasources': ({ data }) => ({ datasource: { uid: (data as { uid?: string }).uid ?? 'made' } }),
};

function answer(more: Answers = {}): void {
  const all = { ...ANSWERS, ...more };
  backend.answer = (request) => {
    const found = all[`${request.method} ${request.url}`];
    if (found === undefined) throw refusal(404, { message: `no ${request.method} ${request.url}` });
    return found(request);
  };
}

const asked = (method: string, url: string): BackendSrvRequest[] =>
  backend.requests.filter((request) => request.method === method && request.url === url);

beforeAll(() => {
  setCurrentUser(user as unknown as CurrentUser);
});

beforeEach(() => {
  user.permissions = { 'datasources:create': true, 'dashboards:create': true, 'alert.provisioning:write': true };
  backend = new FakeBackend();
  sources = [];
  live = new BehaviorSubject(true);
  setBackendSrv(backend as unknown as BackendSrv);
  setDataSourceSrv({ getList: listed, reload: () => undefined } as unknown as DataSourceSrv);
  setGrafanaLiveSrv({ getConnectionState: () => live } as unknown as GrafanaLiveSrv);
  answer();
});

describe('setting up from nothing', () => {
  test('makes the data source under the uid that dashboards and rules name, and checks it', async () => {
    render(<SetUpPage version="1.2.3" />, { wrapper: Router });
    expect(screen.getByTestId<HTMLButtonElement>(ids.check).disabled).toBe(true);
    await userEvent.clear(screen.getByTestId(ids.url));
    await userEvent.type(screen.getByTestId(ids.url), 'http://bridge:8000');
    await userEvent.type(screen.getByTestId(ids.token), 'secret');
    await userEvent.click(screen.getByTestId(ids.save));
    const hops = await screen.findByTestId(ids.hops);
    expect(asked('POST', '/api/datasources')[0].data).toMatchObject({
      uid: 'topdeck-live-diagnostics',
      type: 'topdeck-livediagnostics-datasource',
      url: 'http://bridge:8000',
      secureJsonData: { token: 'secret' },
    });
    expect(within(hops).getByText(/^Grafana: answers this browser \(\d+ ms\)$/)).toBeTruthy();
    expect(within(hops).getByText('Grafana Live: streams to this browser')).toBeTruthy();
    expect(within(hops).getByText('Bridge: version 0.1.0 (12 ms)')).toBeTruthy();
  });

  test('takes no address that is none', async () => {
    render(<SetUpPage version="1" />, { wrapper: Router });
    await userEvent.clear(screen.getByTestId(ids.url));
    await userEvent.type(screen.getByTestId(ids.url), 'bridge');
    expect(screen.getByText('The address must begin with http:// or https://')).toBeTruthy();
    expect(screen.getByTestId<HTMLButtonElement>(ids.save).disabled).toBe(true);
  });

  test('says what Grafana refused', async () => {
    answer({
      'POST /api/datasources': () => {
        throw refusal(409, { message: 'data source with the same name already exists' });
      },
    });
    render(<SetUpPage version="1" />, { wrapper: Router });
    await userEvent.click(screen.getByTestId(ids.save));
    expect(await screen.findByText('data source with the same name already exists')).toBeTruthy();
  });
});

describe('with a data source', () => {
  beforeEach(() => {
    sources = [{ uid: 'other', name: 'Mine' }];
  });

  test('a failed check names the hop and what to do', async () => {
    live.next(false);
    render(<SetUpPage version="1" />, { wrapper: Router });
    const hops = await screen.findByTestId(ids.hops);
    expect(within(hops).getByText('Grafana Live: does not stream to this browser')).toBeTruthy();
    expect(within(hops).getByText('Metrics: Prometheus does not answer')).toBeTruthy();
    expect(within(hops).getByText('Start it')).toBeTruthy();
  });

  test('a change keeps the settings that the page does not show', async () => {
    answer({ 'PUT /api/datasources/uid/other': () => ({}) });
    render(<SetUpPage version="1" />, { wrapper: Router });
    await waitFor(() => expect(screen.getByTestId<HTMLInputElement>(ids.url).value).toBe('http://mine:8000'));
    await userEvent.type(screen.getByTestId(ids.url), '/below');
    await userEvent.click(screen.getByTestId(ids.save));
    await waitFor(() => expect(asked('PUT', '/api/datasources/uid/other')).toHaveLength(1));
    const [{ data }] = asked('PUT', '/api/datasources/uid/other');
    expect(data).toMatchObject({ url: 'http://mine:8000/below', jsonData: { timeoutS: 7 } });
    expect(data).not.toHaveProperty('secureJsonData');
  });

  test('dashboards are imported one by one; one that is provisioned stays', async () => {
    const boards = ['A', 'B'].map((title) => ({ title, path: `dashboards/${title}.json` }));
    answer({
      'GET /api/plugins/topdeck-livediagnostics-app/dashboards': () => boards,
      'POST /api/folders': () => {
        throw refusal(412, { message: 'a folder with that uid exists' });
      },
      'POST /api/dashboards/import': ({ data }) => {
        if ((data as { path: string }).path.endsWith('B.json')) {
          throw refusal(400, { message: 'Cannot save provisioned dashboard' });
        }
        return { importedUrl: '/d/a' };
      },
    });
    render(<SetUpPage version="1" />, { wrapper: Router });
    await userEvent.click(screen.getByTestId(ids.importBoards));
    const step = screen.getByTestId(ids.stepBoards);
    expect(await within(step).findByText('imported')).toBeTruthy();
    expect(await within(step).findByText('there already, from elsewhere')).toBeTruthy();
    expect(within(step).getByRole('link', { name: 'A' }).getAttribute('href')).toBe('/d/a');
  });

  test('alert rules watch this data source, and can be edited', async () => {
    const rule = {
      uid: 'r',
      title: 'R',
      data: [{ datasourceUid: 'topdeck-live-diagnostics' }, { datasourceUid: '__expr__' }],
    };
    answer({
      'GET public/plugins/topdeck-livediagnostics-app/alerting/rules.json': () => ({
        title: 'Live diagnostics',
        interval: 10,
        rules: [rule],
      }),
      'GET /api/v1/provisioning/alert-rules': () => [],
      'POST /api/folders': () => ({}),
      'PUT /api/v1/provisioning/folder/topdeck-live-diagnostics/rule-groups/Live%20diagnostics': () => ({}),
    });
    render(<SetUpPage version="1" />, { wrapper: Router });
    await userEvent.click(screen.getByTestId(ids.importRules));
    expect(await within(screen.getByTestId(ids.stepRules)).findByText('imported')).toBeTruthy();
    const put = backend.requests.find(({ method, url }) => method === 'PUT' && url.includes('rule-groups'));
    expect(put?.headers).toMatchObject({ 'X-Disable-Provenance': 'true' });
    const { rules } = put?.data as { rules: { data: { datasourceUid: string }[] }[] };
    expect(rules[0].data.map(({ datasourceUid }) => datasourceUid)).toEqual(['other', '__expr__']);
  });

  test('provisioned alert rules are left alone', async () => {
    answer({
      'GET public/plugins/topdeck-livediagnostics-app/alerting/rules.json': () => ({
        title: 'Live diagnostics',
        interval: 10,
        rules: [{ uid: 'r', title: 'R', data: [] }],
      }),
      'GET /api/v1/provisioning/alert-rules': () => [{ uid: 'r', provenance: 'file' }],
    });
    render(<SetUpPage version="1" />, { wrapper: Router });
    await userEvent.click(screen.getByTestId(ids.importRules));
    expect(await screen.findByText('there already, from elsewhere')).toBeTruthy();
    expect(backend.requests.filter(({ method }) => method === 'PUT')).toEqual([]);
  });
});

test('who may not set up is told so, and nothing can be pressed but the check', async () => {
  user.permissions = {};
  sources = [{ uid: 'other', name: 'Mine' }];
  render(<SetUpPage version="1" />, { wrapper: Router });
  expect(screen.getByText('You may look, but not set up')).toBeTruthy();
  await screen.findByTestId(ids.hops);
  for (const id of [ids.save, ids.importBoards, ids.importRules]) {
    expect(screen.getByTestId<HTMLButtonElement>(id).disabled).toBe(true);
  }
  expect(asked('GET', '/api/datasources/uid/other')).toEqual([]);
});
