import { expect } from 'vitest'
import type { Locator, Page } from 'playwright-core'
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

/** A day as the calendar says it, "20 January 2027". */
export function longDay(date: string): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(Date.parse(date))
}

/** A day as the strip of days says it, "Wed 20 Jan". */
export function shortDay(date: string): string {
  const words = new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' })
  return words.format(Date.parse(date)).replace(',', '')
}

/** Chooses a place in a field of the search by what is typed there. */
export async function choosePlace(field: Locator, typed: string): Promise<void> {
  await field.fill(typed)
  await field
    .page()
    .getByRole('listbox', { name: /^Places/ })
    .getByRole('option')
    .first()
    .click()
}

/** Chooses a day in the calendar that a date field has opened. */
export async function chooseDay(page: Page, date: string): Promise<void> {
  const day = page.getByRole('button', { name: new RegExp(`^${longDay(date)}`) })
  const next = page.getByRole('button', { name: 'Next month' })
  await next.waitFor()
  while ((await day.count()) === 0) await next.click()
  await day.click()
}

/** Loads every page of the list and returns how many fares it has. */
export async function countAllFares(page: Page): Promise<number> {
  const more = page.getByRole('button', { name: 'Load more' })
  const fares = page.getByRole('article')
  while (await more.isVisible()) {
    const before = await fares.count()
    await more.click()
    await expect.poll(() => fares.count()).toBeGreaterThan(before)
  }
  return fares.count()
}
