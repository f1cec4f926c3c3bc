import { expect } from 'vitest'
import type { Page } from 'playwright-core'
import { auditPage } from './browser.ts'

/** Fills one traveller of the checkout. `bornOn` is "1990-04-18". */
export async function fillTraveller(
  page: Page,
  index: number,
  traveller: { givenName: string; familyName: string; bornOn: string; gender: string },
): Promise<void> {
  const field = (name: string) => page.locator(`#field-passengers-${index}-${name}`)
  const [year, month, day] = traveller.bornOn.split('-')
  await field('given_name').fill(traveller.givenName)
  await field('family_name').fill(traveller.familyName)
  await field('born_on').fill(String(Number(day)))
  await field('born_on-month').fill(String(Number(month)))
  await field('born_on-year').fill(String(year))
  await field('gender').selectOption(traveller.gender)
}

/** Fills the contact of the checkout. */
export async function fillContact(page: Page, email: string): Promise<void> {
  await page.getByLabel('E-mail').fill(email)
  await page.getByLabel('Phone with country code').fill('+62 812-3456-789')
}

/** Opens results by their address and waits for the sources to have answered. */
export async function openResults(page: Page, shop: string, search: Record<string, string>): Promise<void> {
  await page.goto(`${shop}/flights?${new URLSearchParams(search)}`)
  await page
    .getByText(/sources answered/)
    .first()
    .waitFor()
  const late = page.getByRole('button', { name: /Show them/ })
  if (await late.isVisible()) await late.click()
}

/** Chooses the first fare and accepts whatever the price check says, as long as it can be booked. */
export async function chooseFirst(page: Page): Promise<void> {
  await page
    .getByRole('link', { name: /^Choose/ })
    .first()
    .click()
  await page.getByRole('heading', { name: 'Travellers' }).waitFor()
}

/** Pays at the payment provider's own page, where the press of "Pay" has led. */
export async function payAtCheckout(page: Page, shop: string, card = '4242 4242 4242 4242'): Promise<void> {
  await page.waitForURL((url) => !url.href.startsWith(shop))
  await page.getByLabel('Card number').fill(card)
  await page.getByRole('button', { name: /^Pay/ }).click()
}

/** Fails with the elements' own HTML when the page has an accessibility violation. */
export async function expectAccessible(page: Page): Promise<void> {
  expect(await auditPage(page)).toEqual([])
}
