import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { armFault, callApi, clearFaults, dateIn, startJourneyStack, until, type JourneyStack } from '../support/journey.ts'
import { desktop, findChromium, launchBrowser, openVisit, phone, type Visit } from './browser.ts'
import { chooseDay, chooseFirst, expectAccessible, fillContact, fillTraveller, openResults, payAtCheckout } from './shop.ts'

const chromium = findChromium()
const budi = { givenName: 'Budi', familyName: 'Santoso', bornOn: '1990-04-18', gender: 'male' }
const ayu = { givenName: 'Ayu', familyName: 'Santoso', bornOn: dateIn(-300), gender: 'female' }

type Mail = { subject: string; to: string[]; text: string; attachments: { filename: string; content_type?: string }[] }

describe.skipIf(chromium === null)('the web page', { timeout: 120_000 }, () => {
  let stack: JourneyStack
  let browser: Browser
  let shop: string
  let visit: Visit

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([startJourneyStack({ hasWebPage: true }), launchBrowser(chromium!)])
    shop = stack.urls.web
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await stack?.close()
  })
  afterEach(async () => {
    await Promise.all([clearFaults(stack.urls.travelport), clearFaults(stack.urls.duffel)])
    expect(visit.errors).toEqual([])
    expect(visit.askedElsewhere).toEqual([])
    await visit.close()
  })

  const mailsTo = async (address: string) =>
    ((await callApi(`${stack.urls.inbox}/api/messages`, 'GET')).body as Mail[]).filter((mail) => mail.to.includes(address))

  test('carries a traveller with a phone from a search to a ticket, a PDF and a mail, and books once however often they press', async () => {
    visit = await openVisit(browser, shop, phone)
    const { page } = visit
    const email = 'phone@example.com'

    await page.goto(shop)
    await page.getByRole('radio', { name: 'One way' }).check()
    await page.getByRole('combobox', { name: 'From' }).fill('cgk')
    await page.getByRole('option', { name: /Soekarno/ }).click()
    await page.getByRole('combobox', { name: 'To' }).fill('narita')
    await page.getByRole('option', { name: /NRT/ }).click()
    await page.getByRole('button', { name: /^Departure/ }).click()
    const day = dateIn(60)
    await page.getByRole('button', { name: 'Next month' }).waitFor()
    await expectAccessible(page)
    await chooseDay(page, day)
    await page.getByRole('button', { name: /^Travellers and cabin/ }).click()
    await page.getByRole('button', { name: 'More infants' }).click()
    await page.keyboard.press('Escape')
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Search flights' }).click()

    await page.getByText('2 of 2 sources answered').first().waitFor()
    expect(new URL(page.url()).searchParams.get('departure_date')).toBe(day)
    await page.getByRole('button', { name: /^Filters/ }).click()
    await page.getByRole('radio', { name: /^Up to 1 stop/ }).check()
    await page.waitForURL(/max_stops=1/)
    await expectAccessible(page)
    await page.getByRole('button', { name: /^Show \d+ fares?/ }).click()
    await page.getByRole('button', { name: 'Remove filter: Up to 1 stop' }).waitFor()
    expect(await page.getByText(/^[2-9] stops:/).count()).toBe(0)
    await expectAccessible(page)

    await chooseFirst(page)
    await fillTraveller(page, 0, budi)
    await fillTraveller(page, 1, ayu)
    await fillContact(page, email)
    await page.reload()
    await page.getByRole('heading', { name: 'Travellers' }).waitFor()
    expect(await page.locator('#field-passengers-0-family_name').inputValue()).toBe('Santoso')
    await expectAccessible(page)

    let placed = 0
    page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().endsWith('/v1/bookings')) placed += 1
    })
    await page.getByRole('button', { name: /^Pay/ }).dblclick()
    await payAtCheckout(page, shop)
    await page.getByRole('heading', { name: 'Your ticket is issued' }).waitFor()
    expect(placed).toBe(1)
    await page.getByRole('link', { name: /Download e-ticket/ }).waitFor()
    await expectAccessible(page)

    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /Download e-ticket/ }).click()])
    expect((await readFile(await download.path())).subarray(0, 4).toString()).toBe('%PDF')
    const mails = await until(
      () => mailsTo(email),
      (seen) => seen.some((mail) => mail.attachments.length > 0),
    )
    expect(mails.filter((mail) => mail.attachments.length > 0)).toHaveLength(1)
  })

  test('says after a sold-out payment who holds the money, how much and by when', async () => {
    visit = await openVisit(browser, shop, { ...desktop, colorScheme: 'dark' })
    const { page } = visit
    await openResults(page, shop, { origin: 'CGK', destination: 'NRT', departure_date: dateIn(60), max_stops: '1' })
    await expectAccessible(page)
    await chooseFirst(page)
    await fillTraveller(page, 0, { ...budi, familyName: 'SOLDOUT' })
    await fillContact(page, 'soldout@example.com')
    await expectAccessible(page)
    await page.getByRole('button', { name: /^Pay/ }).click()
    await payAtCheckout(page, shop)
    await page.getByRole('heading', { name: 'Not ticketed. Refunded in full' }).waitFor({ timeout: 60_000 })
    const refund = await page.getByRole('region', { name: 'Your refund' }).innerText()
    expect(refund).toContain('The airline sold the last seat before your ticket was issued.')
    expect(refund).toMatch(/With\s+your bank/)
    expect(refund).toMatch(/Due to your card by\s+\w{3} \d{1,2} \w{3}/)
    await expectAccessible(page)
  })

  test('gives a traveller who leaves the payment page or whose card is declined a way to pay again', async () => {
    visit = await openVisit(browser, shop, phone)
    const { page } = visit
    await openResults(page, shop, { origin: 'CGK', destination: 'NRT', departure_date: dateIn(60) })
    await chooseFirst(page)
    await fillTraveller(page, 0, budi)
    await fillContact(page, 'again@example.com')
    await page.getByRole('button', { name: /^Pay/ }).click()
    await payAtCheckout(page, shop, '4000 0000 0000 0002')
    await page.getByRole('alert').waitFor()
    await page.getByRole('link', { name: 'Cancel and go back' }).click()
    await page.getByText('No money left your account.').waitFor()
    await page.getByRole('region', { name: 'The money' }).getByText('Nothing charged.').waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: /^Pay again/ }).click()
    await payAtCheckout(page, shop)
    await page.getByRole('heading', { name: 'Your ticket is issued' }).waitFor()
  })

  test('asks before a dearer price, and books nothing when the traveller goes back', async () => {
    visit = await openVisit(browser, shop, phone)
    const { page } = visit
    await openResults(page, shop, { origin: 'CGK', destination: 'NRT', departure_date: dateIn(60) })
    await armFault(stack.urls.travelport, { operation: 'price', kind: 'price_up', count: 1 })
    await armFault(stack.urls.duffel, { operation: 'price', kind: 'price_up', count: 1 })
    await page
      .getByRole('link', { name: /^Choose/ })
      .first()
      .click()
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    expect(await dialog.innerText()).toMatch(
      /This fare rose by \$[\d.,]+ while you were choosing \(now \$[\d.,]+\)\. Nothing has been booked\./,
    )
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Back to results' }).click()
    await page.waitForURL(/\/flights\?/)
  })

  test('never moves the rows of a reader: what comes late waits behind a button', async () => {
    visit = await openVisit(browser, shop, desktop)
    const { page } = visit
    await armFault(stack.urls.duffel, { operation: 'shop', kind: 'slow', count: 1, delay_ms: 5_500 })
    await page.goto(`${shop}/flights?${new URLSearchParams({ origin: 'SIN', destination: 'SYD', departure_date: dateIn(40) })}`)
    const prices = () => page.getByRole('article').allInnerTexts()
    await page.getByRole('article').first().waitFor()
    await page.mouse.wheel(0, 150)
    const before = await prices()
    await page.getByRole('button', { name: /more fares.*Show them/ }).waitFor()
    expect(await prices()).toEqual(before)
    await page.getByRole('button', { name: /Show them/ }).click()
    await page.getByRole('button', { name: /Show them/ }).waitFor({ state: 'hidden' })
    await expectAccessible(page)
  })

  test('shows the fares of the source that answers when another one fails, and says which did', async () => {
    visit = await openVisit(browser, shop, phone)
    const { page } = visit
    await armFault(stack.urls.travelport, { operation: 'shop', kind: 'drop', count: 5 })
    await page.goto(`${shop}/flights?${new URLSearchParams({ origin: 'LHR', destination: 'ATH', departure_date: dateIn(45) })}`)
    await page
      .getByText(/1 of 2 sources answered\. Travelport failed/)
      .first()
      .waitFor()
    await page.getByRole('article').first().waitFor()
    await expectAccessible(page)
  })

  test('refuses a search nobody can run in words, with a way out', async () => {
    visit = await openVisit(browser, shop, phone)
    const { page } = visit
    await page.goto(`${shop}/flights?origin=QQQ&destination=NRT&departure_date=${dateIn(30)}`)
    expect(await page.getByRole('alert').innerText()).toContain('QQQ')
    await expectAccessible(page)
    await page.getByRole('alert').getByRole('link', { name: 'Change search' }).click()
    await page.getByRole('button', { name: 'Search flights' }).waitFor()
  })
})
