import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApi } from '../../commands/demo/client.ts'
import { goodsOf } from '../../commands/demo/goods.ts'
import { createSandbox } from '../../commands/demo/sandbox.ts'
import { SCENARIOS } from '../../commands/demo/scenarios.ts'
import { createStory } from '../../commands/demo/story.ts'
import { SUPPLIER_MOCKS } from '../../fixtures/mocks.ts'
import { startJourneyStack, type JourneyStack } from '../support/journey.ts'

describe.each(SUPPLIER_MOCKS.map(({ id }) => id))('with %s as the only supplier', (provider) => {
  let stack: JourneyStack
  beforeAll(async () => {
    stack = await startJourneyStack({ suppliers: [provider], hasLatency: false })
  })
  afterAll(() => stack?.close())

  const plays = goodsOf(provider).flatMap((goods) => Object.entries(SCENARIOS).map(([name, { play }]) => ({ name, goods, play })))

  test.each(plays)('$name, buying $goods: everybody’s books agree at the end', { timeout: 120_000 }, async ({ name, goods, play }) => {
    const { api, inbox, stripe, ...rest } = stack.urls
    const lines: string[] = []
    const story = createStory(name, (line) => lines.push(line), false)
    const sandbox = createSandbox({ inbox: inbox!, stripe: stripe!, suppliers: { [provider]: rest[provider]! } })
    await play({ api: createApi(api), sandbox, story, provider, goods, isAlone: true }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${lines.join('\n')}`, { cause: error })
    })
    const report = story.report()
    if (report.violations > 0) throw new Error(lines.join('\n'))
    expect(report.bookings.length).toBeGreaterThan(0)
    expect(report.bookings.every((booking) => ['TICKETED', 'REFUNDED'].includes(booking.status))).toBe(true)
  })
})
