import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buyFlight } from '../support/buy-flight.ts'
import { startJourneyStack, until, type JourneyStack } from '../support/journey.ts'
import { findChromium, launchBrowser, openVisit, phone } from './browser.ts'
import { expectAccessible } from './shop.ts'

const chromium = findChromium()

describe.skipIf(chromium === null)('the page of a trip that the airline has changed', { timeout: 180_000 }, () => {
  let stack: JourneyStack
  let browser: Browser

  beforeAll(async () => {
    ;[stack, browser] = await Promise.all([
      startJourneyStack({ hasWebPage: true, hasLatency: false, suppliers: ['duffel'] }),
      launchBrowser(chromium!),
    ])
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await stack?.close()
  })

  test('says what was and what is now, asks once more before a ticket is given back, and takes the answer', async () => {
    const id = await buyFlight(stack, { who: 'page', familyName: 'SCHEDULECHANGE' })
    await stack.call('POST', '/v1/test-clocks/default/advance', { seconds: 11 * 60 })
    await until(
      () => stack.call('GET', `/v1/bookings/${id}`),
      ({ body }) => body.schedule_changes.length > 0,
      60_000,
    )
    const visit = await openVisit(browser, stack.urls.web, phone)
    const { page } = visit
    await page.goto(`${stack.urls.web}/trips/${id}`)
    await page.getByRole('heading', { name: 'The airline has changed your flight' }).waitFor()
    await page.getByRole('group', { name: 'Before' }).waitFor()
    await page.getByRole('group', { name: 'Now' }).waitFor()
    expect(await page.getByText(/^Answer by/).count()).toBe(1)
    await expectAccessible(page)

    await page.getByRole('button', { name: /^Give the ticket back for/ }).click()
    const question = page.getByRole('group', { name: 'Give the ticket back?' })
    expect(await question.evaluate((element) => element.ownerDocument.activeElement === element)).toBe(true)
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Keep the ticket' }).click()
    await question.waitFor({ state: 'detached' })
    expect((await stack.call('GET', `/v1/bookings/${id}`)).body.schedule_changes[0].status).toBe('open')

    await page.getByRole('button', { name: 'Take the new flight' }).click()
    await page.getByRole('heading', { name: 'The airline has confirmed the new flight' }).waitFor({ timeout: 60_000 })
    await expectAccessible(page)
    expect(visit.errors).toEqual([])
    expect(visit.askedElsewhere).toEqual([])
    await visit.close()
  })
})
