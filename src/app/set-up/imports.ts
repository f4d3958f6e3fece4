import { faultText } from '../../ui/faults.ts';
import { APP_ID } from '../links.ts';
import { ask, DEFAULT_UID, statusOf } from './grafana.ts';

const PUBLIC = `public/plugins/${APP_ID}`;
const FOLDER = { uid: 'topdeck-live-diagnostics', title: 'Live diagnostics' } as const;

/** `present`: somebody, mostly provisioning, has it under its uid already, and it stays as it is. */
export type Outcome =
  | { readonly title: string; readonly state: 'imported' | 'present'; readonly url?: string }
  | { readonly title: string; readonly state: 'failed'; readonly reason: string };

interface Board {
  readonly title: string;
  readonly path: string;
  readonly imported: boolean;
  readonly importedUrl: string;
}

async function importBoard({ title, path }: Board): Promise<Outcome> {
  try {
    const { importedUrl } = await ask<Board>('/api/dashboards/import', {
      method: 'POST',
      data: { pluginId: APP_ID, path, overwrite: true, inputs: [], folderUid: FOLDER.uid },
    });
    return { title, state: 'imported', url: importedUrl };
  } catch (error) {
    const why = faultText(error);
    return /provisioned/i.test(why) ? { title, state: 'present' } : { title, state: 'failed', reason: why };
  }
}

async function folder(): Promise<void> {
  try {
    await ask('/api/folders', { method: 'POST', data: FOLDER });
  } catch (error) {
    // It is there already.
    if (statusOf(error) !== 409 && statusOf(error) !== 412) throw error;
  }
}

/** All dashboards of the app, one after the other, for Grafana locks its database. Rejects when they cannot be listed. */
export async function importBoards(told: (outcomes: readonly Outcome[]) => void): Promise<readonly Outcome[]> {
  const boards = await ask<readonly Board[]>(`/api/plugins/${APP_ID}/dashboards`);
  await folder();
  const outcomes: Outcome[] = [];
  for (const board of boards) {
    outcomes.push(await importBoard(board));
    told([...outcomes]);
  }
  return outcomes;
}

interface Rule {
  readonly uid: string;
  readonly title: string;
  readonly data: readonly { readonly datasourceUid: string }[];
}
interface RuleGroup {
  readonly title: string;
  readonly interval: number;
  readonly rules: readonly Rule[];
}

const withSource = (rule: Rule, uid: string): Rule => ({
  ...rule,
  data: rule.data.map((query) => (query.datasourceUid === DEFAULT_UID ? { ...query, datasourceUid: uid } : query)),
});

/** The app's alert rules, watching the data source of that uid; people may edit them afterwards. */
export async function importRules(sourceUid: string): Promise<readonly Outcome[]> {
  const [{ title, interval, rules }, existing] = await Promise.all([
    ask<RuleGroup>(`${PUBLIC}/alerting/rules.json`),
    ask<readonly { uid: string; provenance?: string }[]>('/api/v1/provisioning/alert-rules'),
  ]);
  const provisioned = new Set(existing.filter(({ provenance }) => provenance === 'file').map(({ uid }) => uid));
  if (rules.some(({ uid }) => provisioned.has(uid))) {
    return rules.map((rule) => ({ title: rule.title, state: 'present' }));
  }
  await folder();
  const group = {
    title,
    folderUid: FOLDER.uid,
    interval,
    rules: rules.map((rule) => ({ ...withSource(rule, sourceUid), folderUID: FOLDER.uid, ruleGroup: title })),
  };
  await ask(`/api/v1/provisioning/folder/${FOLDER.uid}/rule-groups/${encodeURIComponent(title)}`, {
    method: 'PUT',
    data: group,
    headers: { 'X-Disable-Provenance': 'true' },
  });
  return rules.map((rule) => ({ title: rule.title, state: 'imported' }));
}
