import type { Browser, Page, Request } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { armFault, clearFaults, dateIn, startJourneyStack, type JourneyStack } from '../support/journey.ts'
import { startTcpProxy } from '../../commands/chaos/tcp-proxy.ts'
import { desktop, findChromium, launchBrowser, openVisit, phone, type Visit } from './browser.ts'
import { chooseDay, choosePlace, countAllFares, expectAccessible, openResults, shortDay } from './shop.ts'

const chromium = findChromium()

describe.skipIf(chromium === null)('searching on the web page', { timeout: 120_000 }, () => {
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
    expect(visit.errors).toEqual([])
    expect(visit.askedElsewhere).toEqual([])
    await visit.close()
  })

  const parameters = (page: Page) => new URL(page.url()).searchParams
  const settled = (page: Page) => page.getByText(/2 of 2 sources answered/).first()
  const firstPrice = async (page: Page) => (await page.getByRole('article').first().getByRole('heading').innerText()).split(', ').at(-1)!

  test('shows the best fare first, and each other order with what its first fare costs', async () => {
    visit = await openVisit(browser, shop, desktop)
    const { page } = visit
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await openResults(page, shop, { origin: 'CGK', destination: 'NRT', departure_date: dateIn(60) })
    await settled(page).waitFor()
    expect(asked.some((url) => url.includes('/v1/flights/offers/stream?') && url.includes('sort=best'))).toBe(true)
    expect(parameters(page).has('sort')).toBe(false)

    const tab = (name: RegExp) => page.getByRole('group', { name: 'Order' }).getByRole('button', { name })
    expect(await tab(/^Best/).getAttribute('aria-pressed')).toBe('true')
    await expect.poll(() => tab(/^Cheapest/).innerText()).toMatch(/\$/)
    const cheapest = /\$[\d,]+/.exec(await tab(/^Cheapest/).innerText())![0]
    await tab(/^Cheapest/).click()
    await page.waitForURL(/sort=price/)
    await page.locator('ol[aria-busy="false"]').waitFor()
    expect(Math.ceil(Number((await firstPrice(page)).replace(/[$,]/g, '')))).toBe(Number(cheapest.replace(/[$,]/g, '')))

    await page.getByRole('combobox', { name: 'Other orders' }).selectOption('departure')
    await page.waitForURL(/sort=departure/)
    await page.getByText('How we sort').click()
    await page.getByText(/1,000 × its total price/).waitFor()
    await expectAccessible(page)
  })

  test('filters by what is included: as many fares are left as the filter has said, and the address says it all', async () => {
    visit = await openVisit(browser, shop, desktop)
    const { page } = visit
    await openResults(page, shop, { origin: 'CGK', destination: 'NRT', departure_date: dateIn(60) })
    await settled(page).waitFor()

    const bags = page.getByRole('group', { name: 'Checked bags included' }).getByRole('checkbox', { disabled: false }).first()
    await bags.waitFor()
    const label = await page
      .getByRole('group', { name: 'Checked bags included' })
      .locator('label')
      .filter({ hasNotText: '(0)' })
      .first()
      .innerText()
    const count = Number(/\((\d+)\)/.exec(label)![1])
    await bags.check()
    await page.waitForURL(/bags=/)
    await page.getByText(new RegExp(`^${count} of \\d+ fares?$`)).waitFor()
    expect(await countAllFares(page)).toBe(count)

    await page.locator('aside summary', { hasText: 'Suppliers' }).click()
    const suppliers = page.getByRole('group', { name: 'Sold through' })
    const supplier = suppliers.getByRole('checkbox', { disabled: false }).first()
    const supplied = Number(/\((\d+)\)/.exec(await suppliers.locator('label').filter({ hasNotText: '(0)' }).first().innerText())![1])
    await supplier.check()
    await page.waitForURL(/suppliers=/)
    await page.getByText(new RegExp(`^${supplied} of \\d+ fares?$`)).waitFor()
    expect(await countAllFares(page)).toBe(supplied)
    await expectAccessible(page)

    await page.reload()
    await page.getByText(new RegExp(`^${supplied} of \\d+ fares?$`)).waitFor()
    await page.getByRole('button', { name: /^Remove filter: Sold through/ }).click()
    await page.getByText(new RegExp(`^${count} of \\d+ fares?$`)).waitFor()
    await page.getByRole('button', { name: 'Clear all' }).click()
    await page.waitForURL((url) => !url.searchParams.has('bags'))
  })

  test('a fare that others sell too tells who and for how much, and is chosen from one of them by the keyboard, on a phone', async () => {
    visit = await openVisit(browser, shop, phone)
    const { page } = visit
    await openResults(page, shop, { origin: 'CGK', destination: 'NRT', departure_date: dateIn(60), sort: 'price' })
    await settled(page).waitFor()
    const sellers = page.getByRole('button', { name: /^Also from 1 other seller, from / }).first()
    const fare = page.getByRole('article').filter({ has: sellers }).first()
    const other = fare.getByRole('link', { name: /^Choose, .+ from / })
    expect(await other.count()).toBe(0)
    await sellers.focus()
    await page.keyboard.press('Enter')
    await other.waitFor()
    expect(await sellers.getAttribute('aria-expanded')).toBe('true')
    const price = /, (\S+) from /.exec((await other.getAttribute('aria-label'))!)![1]!
    await expectAccessible(page)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/book\//)
    await page.getByRole('heading', { name: 'Travellers' }).waitFor()
    await page.getByText(price).first().waitFor()
  })

  test('every folded filter opens, and is accessible, wide and narrow', async () => {
    visit = await openVisit(browser, shop, phone)
    const { page } = visit
    await openResults(page, shop, { origin: 'CGK', destination: 'NRT', departure_date: dateIn(60), return_date: dateIn(67) })
    await settled(page).waitFor()
    await page.getByRole('button', { name: /^Filters/ }).click()
    const folded = page.getByRole('dialog').locator('details:not([open]) > summary')
    while ((await folded.count()) > 0) await folded.first().click()
    await expectAccessible(page)
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.locator('aside').waitFor()
    while ((await page.locator('aside details:not([open]) > summary').count()) > 0)
      await page.locator('aside details:not([open]) > summary').first().click()
    await expectAccessible(page)
  })

  test('the strip of days leads to another day and knows what the day left behind costs', async () => {
    visit = await openVisit(browser, shop, phone)
    const { page } = visit
    const [day, next] = [dateIn(61), dateIn(62)]
    await openResults(page, shop, { origin: 'CGK', destination: 'NRT', departure_date: day, max_stops: '1' })
    await settled(page).waitFor()
    const strip = page.getByRole('navigation', { name: 'Prices of the days around' })
    await strip.getByRole('link', { name: new RegExp(`^${shortDay(next)}:`) }).click()
    await page.waitForURL((url) => url.searchParams.get('departure_date') === next)
    expect(parameters(page).get('max_stops')).toBe('1')
    await settled(page).waitFor()
    await strip.getByRole('link', { name: new RegExp(`^${shortDay(day)}: \\$[\\d.,]+`) }).waitFor()
    await expectAccessible(page)
  })

  test('a return has a table of days, read by day of departure and day of return', async () => {
    visit = await openVisit(browser, shop, desktop)
    const { page } = visit
    const [out, back] = [dateIn(61), dateIn(68)]
    await openResults(page, shop, { origin: 'CGK', destination: 'NRT', departure_date: out, return_date: back })
    await settled(page).waitFor()
    await page.locator('summary', { hasText: 'Prices of the days around' }).click()
    const table = page.getByRole('table')
    expect(await table.getByRole('columnheader').count()).toBe(8)
    expect(await table.getByRole('rowheader').count()).toBe(7)
    await expect.poll(() => table.locator('[aria-current="date"]').last().innerText()).toMatch(/\$/)
    await expectAccessible(page)
    await table.getByRole('link', { name: new RegExp(`^${shortDay(dateIn(62))} to ${shortDay(dateIn(69))}:`) }).click()
    await page.waitForURL((url) => url.searchParams.get('return_date') === dateIn(69))
  })

  test('searches a journey of several cities from the form, and comes back to the form filled', async () => {
    visit = await openVisit(browser, shop, desktop)
    const { page } = visit
    await page.goto(shop)
    await page.getByRole('radio', { name: 'Multi-city' }).check()
    const flight = (number: number) => page.getByRole('group', { name: `Flight ${number}` })
    await choosePlace(flight(1).getByRole('combobox', { name: 'From' }), 'cgk')
    await choosePlace(flight(1).getByRole('combobox', { name: 'To' }), 'nrt')
    await flight(1)
      .getByRole('button', { name: /^Departure/ })
      .click()
    await chooseDay(page, dateIn(60))
    expect(await flight(2).getByRole('combobox', { name: 'From' }).inputValue()).toContain('NRT')
    await choosePlace(flight(2).getByRole('combobox', { name: 'To' }), 'sin')
    await page.getByRole('button', { name: 'Search flights' }).click()
    await flight(2).getByText('Choose a day').waitFor()
    await flight(2)
      .getByRole('button', { name: /^Departure/ })
      .click()
    await chooseDay(page, dateIn(65))
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Search flights' }).click()

    await settled(page).waitFor()
    expect(parameters(page).getAll('slice')).toEqual([`CGK.NRT.${dateIn(60)}`, `NRT.SIN.${dateIn(65)}`])
    await page.getByRole('heading', { level: 1, name: /CGK to .*NRT to .*SIN/ }).waitFor()
    await page.getByRole('article').first().waitFor()
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Change search' }).click()
    await page.waitForURL(/slice=/)
    expect(await flight(2).getByRole('combobox', { name: 'To' }).inputValue()).toContain('SIN')
  })

  test('two separate tickets are never sold as one: what they ask is said, and each is chosen by itself', async () => {
    visit = await openVisit(browser, shop, desktop)
    const { page } = visit
    await openResults(page, shop, { origin: 'CGK', destination: 'LHR', departure_date: dateIn(60), self_transfer: 'only' })
    const fare = page.getByRole('article').first()
    await fare.getByText('Self-transfer').waitFor()
    await fare.getByText(/Two separate tickets\. You collect bags .* If flight 1 is late, flight 2 isn't protected\./).waitFor()
    await fare.getByText(/to change; it takes at least .* Risk of missing flight 2: (low|medium|high)\./).waitFor()
    expect(await fare.getByRole('link').count()).toBe(2)
    await expectAccessible(page)
    await fare.getByRole('link', { name: /^Choose ticket 1/ }).click()
    await page.getByRole('heading', { name: 'Travellers' }).waitFor()
  })

  test('a connection that breaks while sources answer is made again, and the list is whole in the end', async () => {
    const proxy = await startTcpProxy(Number(new URL(shop).port))
    try {
      const origin = `http://localhost:${proxy.port}`
      visit = await openVisit(browser, origin, desktop)
      const { page } = visit
      const streams: Request[] = []
      page.on('request', (request) => {
        if (request.url().includes('/v1/flights/offers/stream?')) streams.push(request)
      })
      const plain: string[] = []
      page.on('request', (request) => {
        if (request.url().includes('/v1/flights/offers?') && request.url().includes('limit=25')) plain.push(request.url())
      })
      await armFault(stack.urls.duffel, { operation: 'shop', kind: 'slow', count: 1, delay_ms: 4_500 })
      await page.goto(`${origin}/flights?${new URLSearchParams({ origin: 'SIN', destination: 'SYD', departure_date: dateIn(41) })}`)
      await page.getByRole('article').first().waitFor()
      proxy.partition()
      proxy.heal()
      await settled(page).waitFor()
      expect(streams.length).toBe(2)
      expect((await streams[1]!.allHeaders())['last-event-id']).toMatch(/./)
      expect(plain).toEqual([])
      await page.getByRole('button', { name: /more fares.*Show them/ }).click()
      const told = Number(/^(\d+) fares$/.exec(await page.getByText(/^\d+ fares$/).innerText())![1])
      expect(await countAllFares(page)).toBe(told)
    } finally {
      await clearFaults(stack.urls.duffel)
      await proxy.close()
    }
  })

  test('a visitor for whom there is no stream sees every source answer all the same', async () => {
    visit = await openVisit(browser, shop, desktop)
    const { page } = visit
    await page.route(/\/v1\/flights\/offers\/stream\?/, (route) => route.fulfill({ status: 503, json: { code: 'too-many-streams' } }))
    await armFault(stack.urls.duffel, { operation: 'shop', kind: 'slow', count: 1, delay_ms: 4_500 })
    await page.goto(`${shop}/flights?${new URLSearchParams({ origin: 'SIN', destination: 'SYD', departure_date: dateIn(42) })}`)
    await page.getByRole('article').first().waitFor()
    await settled(page).waitFor()
    await clearFaults(stack.urls.duffel)
  })

  test('old prices are called so until the server has checked them again', async () => {
    visit = await openVisit(browser, shop, desktop)
    const { page } = visit
    await openResults(page, shop, { origin: 'CGK', destination: 'NRT', departure_date: dateIn(60) })
    await settled(page).waitFor()
    let aged = 0
    // Real answers, the first of them made to say what a server says that is asking the sources anew.
    await page.route(/\/v1\/flights\/offers\?.*max_stops=0.*limit=25/, async (route) => {
      const response = await route.fetch()
      const body = (await response.json()) as { prices: { is_stale: boolean } }
      aged += 1
      await route.fulfill({ response, json: { ...body, prices: { ...body.prices, is_stale: aged === 1 } } })
    })
    await page.getByRole('radio', { name: /^Direct only/ }).check()
    await page.getByText('Older prices, being checked again').waitFor()
    await page.getByText(/Checked (just now|\d+ (s|min) ago)/).waitFor()
    expect(aged).toBe(2)
  })
})
