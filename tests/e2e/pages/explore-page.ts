import { expect, type Locator, type Page } from '@playwright/test';
import type { DiagnosticsQuery } from '@topdeck/protocol/grafana';
import { TEST_IDS } from '../../../src/ui/test-ids.ts';

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

  /** In the query editor, as a person does. */
  async chooseType(label: string): Promise<void> {
    await this.#choose(TEST_IDS.queryEditor.type, label);
  }

  async chooseMetric(name: string): Promise<void> {
    await this.#choose(TEST_IDS.queryEditor.metric, name);
  }

  /** Of the filter; closes the list of several, which stays open for more. */
  async chooseService(id: string): Promise<void> {
    await this.editor.getByTestId(TEST_IDS.filter.ids).fill(id);
    await this.#page.getByRole('option').filter({ hasText: id }).first().click();
    await this.#page.keyboard.press('Escape');
  }

  get editor(): Locator {
    return this.#page.getByTestId('query-editor-row');
  }

  /** Cells of the table made of the frame of this name. */
  table(frame: string): Locator {
    return this.#page.getByTestId(`data-testid Panel header Table - ${frame}`).getByRole('gridcell');
  }

  get graph(): Locator {
    return this.#page.getByTestId(/^data-testid Panel header Graph/).locator('canvas');
  }

  get nodes(): Locator {
    return this.#page.locator('g[data-node-id]');
  }

  get logRows(): Locator {
    return this.#page.locator('.log-line-body');
  }

  async #choose(testId: string, option: string): Promise<void> {
    await this.editor.getByTestId(testId).click();
    await this.#page
      .getByRole('option')
      .filter({ has: this.#page.getByText(option, { exact: true }) })
      .click();
  }
}
