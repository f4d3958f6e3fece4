import { expect, type Locator, type Page } from '@playwright/test';
import type { DiagnosticsQuery } from '@topdeck/protocol/grafana';

const TYPE = 'topdeck-livediagnostics-datasource';

export class ExplorePage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** By its address, which holds the query: as a link from a dashboard or a colleague does. */
  async open(uid: string, query: DiagnosticsQuery): Promise<void> {
    const panes = {
      a: {
        datasource: uid,
        queries: [{ refId: 'A', datasource: { type: TYPE, uid }, ...query }],
        range: { from: 'now-15m', to: 'now' },
      },
    };
    const params = new URLSearchParams({ schemaVersion: '1', panes: JSON.stringify(panes), orgId: '1' });
    await this.#page.goto(`/explore?${params.toString()}`, { waitUntil: 'commit' });
    await expect(this.editor).toBeVisible({ timeout: 45_000 });
  }

  get editor(): Locator {
    return this.#page.getByTestId('query-editor-row');
  }

  get table(): Locator {
    return this.#page.getByTestId(/^data-testid Panel header Table/).getByRole('gridcell');
  }

  get graph(): Locator {
    return this.#page.getByTestId(/^data-testid Panel header Graph/).locator('canvas');
  }

  get nodes(): Locator {
    return this.#page.locator('g[data-node-id]');
  }

  get logRows(): Locator {
    return this.#page.getByTestId('logRows');
  }
}
