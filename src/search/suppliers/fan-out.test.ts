import { describe, expect, test } from 'vitest'
import { askAll as ask, countingReader, fanOutTo } from '../../../test/support/fan-out.ts'
import { fakeSeller, sellerOf } from '../../../test/support/fake-seller.ts'
import { nonstop } from '../../../test/support/flight-offers.ts'
import { ProviderError } from '../../providers/errors.ts'
import type { SourceAnswer } from '../supersets/superset.ts'

const offers = [nonstop('GA', '1', 300), nonstop('SQ', '2', 200)]

const inShort = (answers: SourceAnswer[]) => answers.map(({ fact }) => `${fact.provider} ${fact.state} ${fact.offers} ${fact.fault}`).sort()

describe('asking all suppliers', () => {
  test('costs a supplier that fails, in whatever way, only its own offers', async () => {
    const { inTime } = await ask(
      fanOutTo([
        sellerOf('good', offers),
        fakeSeller('garbled', () => Promise.reject(new ProviderError('garbled', 'malformed', 'not XML'))),
        fakeSeller('busy', () => Promise.reject(new ProviderError('busy', 'throttled', '429'))),
        fakeSeller('slow', () => Promise.reject(new ProviderError('slow', 'timeout', 'too late'))),
        fakeSeller('broken', () => {
          throw new TypeError('a fault in the adapter')
        }),
        fakeSeller('silent', () => new Promise(() => undefined), { shopTimeoutMs: 80 }),
      ]),
    )
    expect(inShort(inTime)).toEqual([
      'broken failed 0 unexpected',
      'busy throttled 0 throttled',
      'garbled failed 0 malformed',
      'good answered 2 null',
      'silent timed_out 0 timeout',
      'slow timed_out 0 timeout',
    ])
  })

  test('waits for the deadline and hands over later what comes within the supplier’s own time', async () => {
    const { inTime, late } = await ask(
      fanOutTo([
        sellerOf('quick', offers),
        sellerOf('late', offers, 120),
        fakeSeller('never', () => new Promise(() => undefined), { shopTimeoutMs: 150 }),
      ]),
    )
    expect(inShort(inTime)).toEqual(['late timed_out 0 timeout', 'never timed_out 0 timeout', 'quick answered 2 null'])
    expect(inShort(late)).toEqual(['late answered 2 null'])
  })

  test('gives an adapter that does not listen no more than its time, and frees its place', async () => {
    const deaf = fakeSeller('deaf', () => new Promise(() => undefined), { shopTimeoutMs: 20, concurrentMax: 1 })
    const fanOut = fanOutTo([deaf], { deadlineMs: 500 })
    for (let i = 0; i < 3; i += 1) expect(inShort((await ask(fanOut)).inTime)).toEqual(['deaf timed_out 0 timeout'])
    expect(deaf.asked.length).toBe(3)
  })

  test('keeps to the calls a supplier allows at once, and says "throttled" of searches that found no place', async () => {
    let underWay = 0
    let most = 0
    const narrow = fakeSeller(
      'narrow',
      async () => {
        most = Math.max(most, (underWay += 1))
        await new Promise((resolve) => setTimeout(resolve, 50))
        underWay -= 1
        return { solutions: 0, offers: [] }
      },
      { concurrentMax: 2 },
    )
    const fanOut = fanOutTo([narrow], { deadlineMs: 70 })
    const facts = (await Promise.all(Array.from({ length: 30 }, () => ask(fanOut)))).flatMap(({ inTime }) =>
      inTime.map(({ fact }) => fact.state),
    )
    expect(most).toBe(2)
    expect(facts.filter((state) => state === 'answered').length).toBe(2)
    expect(facts.filter((state) => state === 'throttled').length + facts.filter((state) => state === 'timed_out').length).toBe(28)
    expect(facts.filter((state) => state === 'timed_out').length).toBeLessThanOrEqual(2)
  })

  test('aborts what is under way when it is closed', async () => {
    let isAborted = false
    const fanOut = fanOutTo([
      fakeSeller('slow', (_, call) => {
        call.signal.addEventListener('abort', () => (isAborted = true))
        return new Promise(() => undefined)
      }),
    ])
    const asking = ask(fanOut)
    await new Promise((resolve) => setTimeout(resolve, 10))
    fanOut.close()
    await asking
    expect(isAborted).toBe(true)
  })

  test('says of an answer what its reader found in it, and hands its part on', async () => {
    const found = { part: null, offers: 3, solutions: 6, duplicates: 1, unusable: 2 }
    const { inTime } = await ask(fanOutTo([sellerOf('alpha', offers)], { readReply: async () => found }))
    expect(inTime).toEqual([
      { fact: expect.objectContaining({ state: 'answered', offers: 3, solutions: 6, duplicates: 1, unusable: 2 }), part: null },
    ])
  })

  test('costs a supplier whose reply cannot be read only its own offers', async () => {
    const { inTime } = await ask(
      fanOutTo([sellerOf('garbled', offers), sellerOf('good', offers), sellerOf('odd', offers)], {
        readReply: async (provider, query, reply) => {
          if (provider.id === 'garbled') throw new ProviderError('garbled', 'malformed', 'not XML')
          if (provider.id === 'odd') throw new TypeError('a fault in the reader')
          return countingReader(provider, query, reply)
        },
      }),
    )
    expect(inShort(inTime)).toEqual(['garbled failed 0 malformed', 'good answered 2 null', 'odd failed 0 unexpected'])
  })
})
