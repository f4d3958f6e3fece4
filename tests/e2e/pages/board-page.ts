import { expect, type Locator, type Page, type Request } from '@playwright/test';

/** What Grafana writes into a panel that has nothing to show or cannot be shown. */
const EMPTY = /No data|No logs|Data is missing|Data source .* not found|Panel plugin not found|No graphable fields/i;

const isQuery = (request: Request): boolean => request.method() === 'POST' && request.url().includes('/api/ds/query');

/** A dashboard as a viewer has it open. */
export class BoardPage {
  readonly page: Page;
  #queries = 0;

  constructor(page: Page) {
    this.page = page;
    page.on('request', (request) => {
      if (isQuery(request)) this.#queries += 1;
    });
  }

  async open(path: string): Promise<void> {
    await this.page.goto(path, { waitUntil: 'commit' });
    await expect(this.page.getByTestId(/^data-testid Panel header /).first()).toBeVisible({ timeout: 45_000 });
  }

  /** Requests for data that the page has made so far: live values come without. */
  get queries(): number {
    return this.#queries;
  }

  panel(title: string): Locator {
    return this.page.getByTestId(`data-testid Panel header ${title}`);
  }

  variable(label: string): Locator {
    return this.page.getByTestId('data-testid template variable').filter({ hasText: label }).getByRole('combobox');
  }

  /** Body cells of a table panel, row by row as they are drawn. */
  cells(title: string): Locator {
    return this.panel(title).getByRole('gridcell');
  }

  /** Rows that are drawn, by the column headers. */
  async rows(title: string): Promise<Record<string, string>[]> {
    const headers = await this.panel(title).getByRole('columnheader').allInnerTexts();
    const rows = await this.panel(title)
      .getByRole('row')
      .filter({ has: this.page.getByRole('gridcell') })
      .evaluateAll((elements) =>
        elements.map((row) => [...row.querySelectorAll('[role="gridcell"]')].map((cell) => cell.textContent ?? '')),
      );
    return rows.map((cells) => Object.fromEntries(headers.map((header, i) => [header.trim(), cells[i] ?? ''])));
  }

  /** Value that a stat panel shows. */
  async stat(title: string): Promise<string> {
    return (await this.panel(title).getByTestId('data-testid panel content').innerText()).trim();
  }

  /** Centre of each node of a node graph, as drawn. */
  async places(title: string): Promise<ReadonlyMap<string, string>> {
    const nodes = await this.panel(title)
      .locator('g[data-node-id]')
      .evaluateAll((groups) =>
        groups.map((group) => {
          const circle = group.querySelector('circle');
          return [
            group.getAttribute('data-node-id') ?? '',
            `${circle?.getAttribute('cx')},${circle?.getAttribute('cy')}`,
          ];
        }),
      );
    return new Map(nodes as [string, string][]);
  }

  /** Texts inside the nodes: statistics and names. */
  nodeTexts(title: string): Promise<string[]> {
    return this.panel(title).locator('g[data-node-id]').allTextContents();
  }

  async expectNoError(title: string): Promise<void> {
    await expect(this.panel(title).getByTestId('data-testid Panel status error')).toHaveCount(0);
  }
  /** Panels with a status of error, or without data, and why. Those out of sight are not drawn, and say nothing. */
  async complaints(): Promise<string[]> {
    const panels = await this.page.getByTestId(/^data-testid Panel header /).evaluateAll((elements) =>
      elements.map((element) => ({
        title: element.getAttribute('data-testid')?.replace('data-testid Panel header ', '') ?? '',
        hasFailed: element.querySelector('[data-testid="data-testid Panel status error"]') !== null,
        text: (element as HTMLElement).innerText,
      })),
    );
    return panels.flatMap(({ title, hasFailed, text }) => {
      const said = EMPTY.exec(text)?.[0];
      return [...(hasFailed ? [`${title}: error`] : []), ...(said === undefined ? [] : [`${title}: ${said}`])];
    });
  }

  /** What a panel shows of its data; undefined for types that tell nothing by what they hold. */
  drawn(title: string, type: string): Locator | undefined {
    const panel = this.panel(title).first();
    const content = panel.getByTestId('data-testid panel content');
    switch (type) {
      case 'table':
        return panel.getByRole('gridcell');
      case 'timeseries':
      case 'state-timeline':
        return panel.locator('.uplot canvas');
      case 'logs':
        return panel.locator('.log-line-body');
      case 'nodeGraph':
        return panel.locator('g[data-node-id]');
      case 'stat':
        return content.filter({ hasText: /\S/ }).filter({ hasNotText: 'Unknown' });
      case 'topdeck-topology-panel':
        return panel.locator('canvas');
      case 'topdeck-diagnostics-panel':
        return content.filter({ hasText: /\d/ });
      default:
        return undefined;
    }
  }
}
