import { expect, type Page } from '@playwright/test';
import { DiagnosticsPanelObject } from '../../pages/diagnostics-panel.ts';
import { TopologyPanelObject, type PlacedNode } from '../../pages/topology-panel.ts';
import { rowsOf, type GrafanaApi } from '../fixtures/grafana-api.ts';
import { BoardPage } from './board-page.ts';

/** In the address of a dashboard: nothing of Grafana around it. */
export const QUIET = { kiosk: '1', '_dash.hideTimePicker': 'true' } as const;

const PATH = '/d/topdeck-live-diagnostics-topology';

/** The shipped dashboard of our two panels. */
export class TopologyBoard {
  readonly page: Page;
  readonly board: BoardPage;
  readonly diagnostics: DiagnosticsPanelObject;
  readonly topology: TopologyPanelObject;

  constructor(page: Page) {
    this.page = page;
    this.board = new BoardPage(page);
    this.diagnostics = new DiagnosticsPanelObject(this.board.panel('State'));
    this.topology = new TopologyPanelObject(this.board.panel('Topology'));
  }

  /** `query` as in the address; what it does not name is as shipped. */
  async open(query: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.board.open(`${PATH}?${new URLSearchParams(query).toString()}`);
  }

  /** The dashboard variable `service`, as the address has it. */
  get chosen(): string | null {
    return new URL(this.page.url()).searchParams.get('var-service');
  }

  async expectChosen(id: string): Promise<void> {
    await expect.poll(() => this.chosen ?? '').toBe(id);
  }
}

/** Nodes with their places, as the panel gets them. */
export async function placedNodes(api: GrafanaApi, uid: string): Promise<readonly PlacedNode[]> {
  const { frames } = await api.query(uid, { queryType: 'topology' });
  const nodes = frames.find(({ schema }) => schema.name === 'nodes') ?? frames[0];
  if (nodes === undefined) throw new Error('the topology has no nodes');
  return rowsOf(nodes).map(({ id, title, fixedx, fixedy }) => ({
    id: String(id),
    title: String(title),
    x: Number(fixedx),
    y: Number(fixedy),
  }));
}
