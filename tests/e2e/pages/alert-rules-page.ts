import { expect, type Locator, type Page } from '@playwright/test';

export class AlertRulesPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Rules of one folder, all to be seen. */
  async open(folder: string): Promise<void> {
    const search = encodeURIComponent(`namespace:"${folder}"`);
    await this.#page.goto(`/alerting/list?search=${search}`, { waitUntil: 'commit' });
    await this.#page.getByRole('button', { name: 'Expand all' }).click({ timeout: 45_000 });
  }

  row(rule: string): Locator {
    return this.#page.getByTestId('row').filter({ has: this.#page.getByText(rule, { exact: true }) });
  }

  async expectState(rule: string, state: RegExp): Promise<void> {
    await expect(this.row(rule).getByText(state).first()).toBeVisible();
  }
}
