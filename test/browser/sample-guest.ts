import type { Page } from 'playwright-core';

/** Presses the first button whose name begins so. */
export const click = (page: Page, name: string) =>
  page
    .getByRole('button', { name: new RegExp(`^${name}`) })
    .first()
    .click();
/** Waits until the page says so. */
export const shows = (page: Page, text: string) => page.locator('main').getByText(text).first().waitFor();

export async function change(page: Page, password: string): Promise<void> {
  await page.getByLabel('New password').fill(password);
  await page.getByLabel('The same again').fill(password);
  await click(page, 'Change the password');
}

export async function type(page: Page, code: string): Promise<void> {
  await page.getByLabel('Code').fill(code);
  await click(page, 'Open the door');
}
