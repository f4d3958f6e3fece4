import { expect, type Locator, type Page } from '@playwright/test';

/** Settings of a data source. */
export class DataSourcePage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async open(uid: string): Promise<void> {
    await this.#page.goto(`/connections/datasources/edit/${uid}`, { waitUntil: 'commit' });
    await expect(this.#save).toBeVisible({ timeout: 45_000 });
  }

  get url(): Locator {
    return this.#page.getByLabel(/URL/).first();
  }

  /** The alert that Save & test ends with. */
  async saveAndTest(): Promise<Locator> {
    const tested = this.#page.waitForResponse((response) =>
      /\/api\/datasources\/uid\/[^/]+\/health/.test(response.url()),
    );
    await this.#save.click();
    await tested;
    return this.#page.getByTestId(/^data-testid Alert /).last();
  }

  get #save(): Locator {
    return this.#page.getByTestId('data-testid Data source settings page Save and Test button');
  }
}
