import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { armFault, clearFaults, dateIn, startJourneyStack, type JourneyStack } from '../support/journey.ts'
import { desktop, findChromium, launchBrowser, openVisit, phone, type Visit } from './browser.ts'
import { chooseDay, choosePlace, expectAccessible, fillContact, payAtCheckout } from './shop.ts'

const chromium = findChromium()
const days = { check_in: dateIn(60), check_out: dateIn(63) }

describe.skipIf(chromium === null)('hotels on the web page', { timeout: 120_000 }, () => {
  let stack: JourneyStack
  let browser: Browser
  let shop: string
  let visit: Visit

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([
      startJourneyStack({ hasWebPage: true, suppliers: ['hotelbeds', 'rapid'] }),
      launchBrowser(chromium!),
    ])
    shop = stack.urls.web
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await stack?.close()
  })
  afterEach(async () => {
    expect(visit.errors).toEqual([])
    expect(visit.askedElsewhere).toEqual([])
    await visit.close()
  })

  /** Opens the list and waits for every source; what came late is shown. */
  async function openStays(page: Page, search: Record<string, string>): Promise<void> {
    await page.goto(`${shop}/stays?${new URLSearchParams({ place: 'BCN', ...days, ...search })}`)
    await page.getByText('2 of 2 sources answered').first().waitFor()
    const late = page.getByRole('button', { name: /Show them/ })
    if (await late.isVisible()) await late.click()
  }

  /** From the list to the checkout of the first rate of the first hotel. */
  async function chooseFirstRate(page: Page): Promise<string> {
    const hotel = page.getByRole('article').first()
    const name = (await hotel.getByRole('heading').innerText()).split(', $')[0]!
    await hotel.getByRole('link', { name: /^See/ }).click()
    await page.getByRole('heading', { level: 1, name }).waitFor()
    await page
      .getByRole('link', { name: /^Choose/ })
      .first()
      .waitFor()
    await page.locator('summary', { hasText: 'Cancelling and remarks' }).first().click()
    await expectAccessible(page)
    await page
      .getByRole('link', { name: /^Choose/ })
      .first()
      .click()
    await page.getByRole('heading', { name: 'Guests' }).waitFor()
    return name
  }

  async function fillGuest(page: Page, room: number, givenName: string, familyName: string): Promise<void> {
    await page.locator(`#field-rooms-${room}-lead-given_name`).fill(givenName)
    await page.locator(`#field-rooms-${room}-lead-family_name`).fill(familyName)
  }

  test('carries a guest with a phone from a search over filters and a hotel to a payment and a voucher', async () => {
    visit = await openVisit(browser, shop, phone)
    const { page } = visit
    await page.goto(shop)
    await page.getByRole('navigation', { name: 'What to search' }).getByRole('link', { name: 'Hotels' }).click()
    await page.getByRole('button', { name: 'Search hotels' }).click()
    await page.getByText('Say where you stay').waitFor()
    await choosePlace(page.getByRole('combobox', { name: 'Where' }), 'barcelona')
    await page.getByRole('button', { name: /^Check-in/ }).click()
    await chooseDay(page, days.check_in)
    await chooseDay(page, days.check_out)
    await page.getByRole('button', { name: /^Rooms and guests/ }).click()
    await page.getByRole('button', { name: 'Add a room' }).click()
    await page.getByRole('button', { name: 'Fewer adults, room 2' }).click()
    await page.getByRole('button', { name: 'More children, room 2' }).click()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('button', { name: 'Search hotels' }).click()
    await page.getByLabel('Age of child 1').selectOption('7')
    await page.getByRole('button', { name: 'Done' }).click()
    await page.getByRole('button', { name: 'Rooms and guests: 2 rooms, 3 adults, 1 child' }).waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Search hotels' }).click()

    await page.getByText('2 of 2 sources answered').first().waitFor()
    expect(new URL(page.url()).searchParams.get('rooms')).toBe('2_1.7')
    await page.getByRole('article').first().waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: /^Filters/ }).click()
    const cancelling = page.getByRole('group', { name: 'Cancelling' })
    const label = await cancelling.locator('label', { hasText: /^Free cancellation/ }).innerText()
    const count = Number(/\((\d+)\)/.exec(label)![1])
    await cancelling.getByRole('checkbox', { name: /^Free cancellation/ }).check()
    await page.waitForURL(/refundable=yes/)
    await page
      .getByRole('group', { name: 'When you pay' })
      .getByRole('checkbox', { name: /^Pay now/ })
      .check()
    await page.waitForURL(/pay_at=booking/)
    await expectAccessible(page)
    const folded = page.getByRole('dialog').locator('details:not([open]) > summary')
    while ((await folded.count()) > 0) await folded.first().click()
    await expectAccessible(page)
    await page.getByRole('button', { name: /^Show \d+ hotels?$/ }).click()
    await page.getByRole('button', { name: 'Remove filter: Pay now' }).waitFor()
    expect(Number(/^(\d+)/.exec(await page.getByText(/^\d+( of \d+)? hotels?$/).innerText())![1])).toBeLessThanOrEqual(count)
    expect(await page.getByText('No free cancellation').count()).toBe(0)
    await expectAccessible(page)

    await chooseFirstRate(page)
    await expectAccessible(page)
    await page.getByRole('button', { name: /^Pay/ }).click()
    await page.getByText(/fields need correcting\. Nothing has been booked/).waitFor()
    await expectAccessible(page)
    await fillGuest(page, 0, 'Budi', 'Santoso')
    await fillGuest(page, 1, 'Ayu', 'Santoso')
    await fillContact(page, 'stay@example.com')
    await page.reload()
    await page.getByRole('heading', { name: 'Guests' }).waitFor()
    expect(await page.locator('#field-rooms-1-lead-given_name').inputValue()).toBe('Ayu')
    let placed = 0
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/v1/bookings')) placed += 1
    })
    await page.getByRole('button', { name: /^Pay/ }).dblclick()
    await payAtCheckout(page, shop)
    await page.getByRole('heading', { name: 'Your stay is confirmed' }).waitFor()
    expect(placed).toBe(1)
    const voucher = page.getByRole('link', { name: /Download voucher/ })
    await voucher.waitFor()
    await expectAccessible(page)
    expect(await page.getByRole('main').innerText()).not.toMatch(/airline|e-ticket|ticketed/i)
    const [download] = await Promise.all([page.waitForEvent('download'), voucher.click()])
    expect((await readFile(await download.path())).subarray(0, 4).toString()).toBe('%PDF')
  })

  test('books without a payment what is paid at the hotel, and says what is to be paid there', async () => {
    visit = await openVisit(browser, shop, { ...desktop, colorScheme: 'dark' })
    const { page } = visit
    await openStays(page, { pay_at: 'property' })
    await expectAccessible(page)
    await chooseFirstRate(page)
    await fillGuest(page, 0, 'Budi', 'Santoso')
    await fillContact(page, 'there@example.com')
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Book now, pay at the hotel' }).click()
    await page.waitForURL(/\/trips\//)
    await page.getByRole('heading', { name: 'Your stay is confirmed' }).waitFor()
    const money = await page.getByRole('region', { name: 'The money' }).innerText()
    expect(money).toMatch(/Nothing charged\. You pay at the hotel\.\s+To pay at the hotel\s+\$[\d.,]+/)
    await expectAccessible(page)
  })

  test('says in the hotel’s words who has the money when the hotel sold its last room', async () => {
    visit = await openVisit(browser, shop, desktop)
    const { page } = visit
    await openStays(page, { pay_at: 'booking', suppliers: 'hotelbeds' })
    await chooseFirstRate(page)
    await fillGuest(page, 0, 'Budi', 'SOLDOUT')
    await fillContact(page, 'soldout-stay@example.com')
    await page.getByRole('button', { name: /^Pay/ }).click()
    await payAtCheckout(page, shop)
    await page.getByRole('heading', { name: 'Not confirmed. Refunded in full' }).waitFor({ timeout: 60_000 })
    expect(await page.getByRole('region', { name: 'Your refund' }).innerText()).toContain('The hotel')
    await expectAccessible(page)
  })

  test('never moves the rows of a reader: hotels that come late wait behind a button', async () => {
    visit = await openVisit(browser, shop, desktop)
    const { page } = visit
    await armFault(stack.urls.hotelbeds, { operation: 'shop', kind: 'slow', count: 5, delay_ms: 6_000 })
    await page.goto(`${shop}/stays?${new URLSearchParams({ place: 'BCN', check_in: dateIn(70), check_out: dateIn(72) })}`)
    const names = () => page.getByRole('article').allInnerTexts()
    await page.getByRole('article').first().waitFor()
    await page.mouse.wheel(0, 150)
    const before = await names()
    await page.getByRole('button', { name: /Show them/ }).waitFor()
    expect(await names()).toEqual(before)
    await page.getByRole('button', { name: /Show them/ }).click()
    await page.getByRole('button', { name: /Show them/ }).waitFor({ state: 'hidden' })
    await page.getByText('2 of 2 sources answered').first().waitFor()
    await clearFaults(stack.urls.hotelbeds)
    await expectAccessible(page)
  })

  test('leads out of filters that leave nothing, and out of a search nobody can run', async () => {
    visit = await openVisit(browser, shop, phone)
    const { page } = visit
    await openStays(page, { name: 'zzzz' })
    await page.getByText(/^None of the \d+ hotels passes these filters$/).waitFor()
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Clear all filters' }).click()
    await page.getByRole('article').first().waitFor()
    await page.goto(`${shop}/stays?${new URLSearchParams({ place: 'QQQ', ...days })}`)
    expect(await page.getByRole('alert').innerText()).toContain('QQQ')
    await expectAccessible(page)
    await page.getByRole('alert').getByRole('link', { name: 'Change search' }).click()
    await page.getByRole('button', { name: 'Search hotels' }).waitFor()
  })
})
