import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApi } from '../../commands/demo/client.ts'
import { createSandbox } from '../../commands/demo/sandbox.ts'
import { SCENARIOS } from '../../commands/demo/scenarios.ts'
import { createStory } from '../../commands/demo/story.ts'
import { startJourneyStack, type JourneyStack } from '../support/journey.ts'

let stack: JourneyStack
beforeAll(async () => {
  stack = await startJourneyStack()
})
afterAll(() => stack?.close())

const plays = Object.entries(SCENARIOS).flatMap(([name, scenario]) =>
  (['travelport', 'duffel'] as const).map((provider) => ({ name, provider, play: scenario.play })),
)

test.each(plays)(
  '$name with an offer of $provider: everybody’s books agree at the end',
  { timeout: 120_000 },
  async ({ name, provider, play }) => {
    const { api, inbox, stripe, ...rest } = stack.urls
    const lines: string[] = []
    const story = createStory(name, (line) => lines.push(line), false)
    const sandbox = createSandbox({
      inbox: inbox!,
      stripe: stripe!,
      suppliers: { travelport: rest['travelport']!, duffel: rest['duffel']! },
    })
    await play({ api: createApi(api), sandbox, story, provider, isAlone: true }).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${lines.join('\n')}`, { cause: error })
    })
    const report = story.report()
    if (report.violations > 0) throw new Error(lines.join('\n'))
    expect(report.bookings.length).toBeGreaterThan(0)
    expect(report.bookings.every((booking) => ['TICKETED', 'REFUNDED'].includes(booking.status))).toBe(true)
  },
)
