import { getBackendSrv, getDataSourceSrv, getGrafanaLiveSrv, isFetchError } from '@grafana/runtime';
import type { HealthHop } from '@topdeck/protocol/grafana';
import { firstValueFrom, lastValueFrom, timer, race, map } from 'rxjs';
import { browserClock } from '../../ui/clock.ts';
import type { Hop } from '../../ui/hops/HopRows.tsx';
import { DATA_SOURCE_TYPE } from '../../ui/source.ts';

/** What dashboards and rules of this app name by default. */
export const DEFAULT_UID = 'topdeck-live-diagnostics';

export interface Connection {
  readonly name: string;
  readonly url: string;
  /** Empty: none, or the one that is stored. */
  readonly token: string;
}

export interface KnownSource {
  readonly uid: string;
  readonly name: string;
}

interface StoredSource {
  readonly uid: string;
  readonly name: string;
  readonly url: string;
  readonly readOnly: boolean;
  readonly secureJsonFields?: Readonly<Record<string, boolean>>;
}

interface Asked {
  readonly method?: 'GET' | 'POST' | 'PUT';
  readonly data?: unknown;
  readonly headers?: Record<string, string>;
}

/** Grafana's answer, also one that is a refusal; without its own pop-up, for the page itself tells it. */
export async function ask<T>(url: string, { method = 'GET', data, headers }: Asked = {}): Promise<T> {
  const answer = getBackendSrv().fetch<T>({
    url,
    method,
    data,
    headers,
    showErrorAlert: false,
    showSuccessAlert: false,
  });
  return (await lastValueFrom(answer)).data;
}

export const statusOf = (error: unknown): number | undefined => (isFetchError(error) ? error.status : undefined);

export const knownSources = (): readonly KnownSource[] =>
  getDataSourceSrv()
    .getList({ type: DATA_SOURCE_TYPE })
    // Grafana adds its own data source to every list.
    .filter(({ type }) => type === DATA_SOURCE_TYPE)
    .map(({ uid, name }) => ({ uid, name }));

export const storedSource = (uid: string): Promise<StoredSource> => ask(`/api/datasources/uid/${uid}`);

/** Makes the data source, with the uid that dashboards and rules name while that is free. Its uid. */
export async function createSource({ name, url, token }: Connection): Promise<string> {
  const taken = knownSources().some(({ uid }) => uid === DEFAULT_UID);
  const { datasource } = await ask<{ datasource: { uid: string } }>('/api/datasources', {
    method: 'POST',
    data: {
      ...(!taken && { uid: DEFAULT_UID }),
      name,
      url,
      type: DATA_SOURCE_TYPE,
      access: 'proxy',
      jsonData: {},
      ...(token !== '' && { secureJsonData: { token } }),
    },
  });
  getDataSourceSrv().reload();
  return datasource.uid;
}

/** Keeps every setting that the page does not show. */
export async function changeSource(uid: string, { name, url, token }: Connection): Promise<void> {
  const stored = await storedSource(uid);
  await ask(`/api/datasources/uid/${uid}`, {
    method: 'PUT',
    data: { ...stored, name, url, ...(token !== '' && { secureJsonData: { token } }) },
  });
  getDataSourceSrv().reload();
}

interface CheckAnswer {
  readonly status: string;
  readonly message: string;
  readonly details?: { readonly hops?: readonly HealthHop[] };
}

async function timed<T>(run: () => Promise<T>): Promise<{ value: T; tookMs: number }> {
  const startMs = browserClock.nowMs();
  const value = await run();
  return { value, tookMs: browserClock.nowMs() - startMs };
}

const LIVE_PATIENCE_MS = 3000;

/** Whether the page's own stream from Grafana is open; undefined where Grafana Live is switched off. */
export async function liveIsOpen(): Promise<boolean | undefined> {
  const live = getGrafanaLiveSrv() as ReturnType<typeof getGrafanaLiveSrv> | undefined;
  if (live === undefined) return undefined;
  return firstValueFrom(race(live.getConnectionState(), timer(LIVE_PATIENCE_MS).pipe(map(() => false))));
}

export interface Report {
  readonly grafanaMs: number;
  readonly live: boolean | undefined;
  readonly message: string;
  readonly hops: readonly Hop[];
}

/** Looks at every hop from this browser to the data. Rejects when Grafana itself does not answer. */
export async function check(uid: string): Promise<Report> {
  const [{ tookMs }, live] = await Promise.all([timed(() => ask('/api/health')), liveIsOpen()]);
  const answer = await ask<CheckAnswer>(`/api/datasources/uid/${uid}/health`).catch((error: unknown) => {
    // A check that found trouble is told with status 400 and the hops in its body.
    if (isFetchError(error) && typeof error.data === 'object') return error.data as CheckAnswer;
    throw error;
  });
  return { grafanaMs: tookMs, live, message: answer.message, hops: answer.details?.hops ?? [] };
}
