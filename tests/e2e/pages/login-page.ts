import { expect, type Page } from '@playwright/test';
import type { Credentials } from '../fixtures/grafana-api.ts';

export class LoginPage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Ends on the home page. */
  async logIn({ user, password }: Credentials): Promise<void> {
    await this.#page.goto('/login');
    await this.#page.getByLabel('Email or username').fill(user);
    await this.#page.getByLabel('Password', { exact: true }).fill(password);
    await this.#page.getByRole('button', { name: 'Log in' }).click();
    // A default password is answered with the advice to change it.
    const home = this.#page
      .getByTestId('data-testid Nav toolbar')
      .or(this.#page.getByRole('heading', { name: 'Welcome to Grafana' }));
    const skip = this.#page.getByRole('button', { name: /Skip/ });
    await expect(home.or(skip).first()).toBeVisible();
    if (await skip.isVisible()) await skip.click();
    await expect(this.#page).not.toHaveURL(/\/login/);
  }
}
