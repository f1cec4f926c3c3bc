import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTravelportMock, type TravelportMock } from '../../../fixtures/travelport/index.ts'
import { nonstop } from '../../../test/support/flight-offers.ts'
import { sellerOf } from '../../../test/support/fake-seller.ts'
import { enlargeShopReply } from '../../../test/support/large-shop-reply.ts'
import { ODD } from '../../../test/support/odd-reading-thread.ts'
import { parseLocalDate, systemClock } from '../../kernel/time.ts'
import type { Provider, ShopReply, UnreadShop } from '../../providers/contract.ts'
import { ProviderError } from '../../providers/errors.ts'
import { parseCurrency } from '../../kernel/currency.ts'
import { createProviders, createTranslators, readProviders } from '../../providers/index.ts'
import type { FlightQuery } from '../../travel/flight.ts'
import { createPartReader, type PartReader } from './part-reader.ts'

const QUERY: FlightQuery = {
  slices: [
    { origin: 'CGK', destination: 'NRT', departureDate: parseLocalDate('2027-03-01') },
    { origin: 'NRT', destination: 'CGK', departureDate: parseLocalDate('2027-03-09') },
  ],
  passengers: { adults: 1, children: 0, infants: 0 },
  cabin: 'economy',
}
const LARGE_BYTES = 1_500_000
const ODD_THREAD = new URL('../../../test/support/odd-reading-thread.ts', import.meta.url)
const [travelport, duffel] = createTranslators(systemClock) as [Provider, Provider]

describe('reading replies into parts', () => {
  const readers: PartReader[] = []
  let mock: TravelportMock
  let large: Buffer
  let small: Buffer

  /** Given anew each time: a reader keeps what it is given. */
  const reply = (bytes = large, status = 200): UnreadShop => ({ unread: Buffer.from(Uint8Array.from(bytes).buffer), status })
  const readerOf = (options: Parameters<typeof createPartReader>[0]): PartReader => {
    // On a busy machine a thread that stands back takes long to start; only the tests about that and about deadlines are about time.
    const reader = createPartReader({ deadlineMs: 28_000, niceness: 0, ...options })
    readers.push(reader)
    return reader
  }

  beforeAll(async () => {
    mock = await startTravelportMock({ seed: 7 })
    const account = { TRAVELPORT_URL: mock.url, TRAVELPORT_USERNAME: 'u', TRAVELPORT_PASSWORD: 'p', TRAVELPORT_TARGET_BRANCH: 'P' }
    const { providers, close } = createProviders(readProviders(account), { clock: systemClock, currency: parseCurrency('EUR') })
    const shopped = (await providers[0]!.flights!.shop(QUERY, { signal: new AbortController().signal })) as UnreadShop
    small = Buffer.from(shopped.unread)
    large = Buffer.from(enlargeShopReply(small.toString('utf8'), LARGE_BYTES))
    await close()
  }, 30_000)
  afterAll(async () => {
    await Promise.all(readers.map((reader) => reader.close()))
    await mock.close()
  })

  test('a thread makes of a reply, byte for byte, what this one makes of it', async () => {
    const [here, there] = [readerOf({ threads: 0 }), readerOf({ threads: 1 })]
    const ours = await here.read(travelport, QUERY, reply())
    const theirs = await there.read(travelport, QUERY, reply())
    for (const bytes of ['hot', 'packedHot', 'packedCold'] as const) expect(theirs.part![bytes].equals(ours.part![bytes])).toBe(true)
    expect({ ...theirs, part: null }).toEqual({ ...ours, part: null })
    expect(ours.offers).toBeGreaterThan(300)
    expect(theirs.part).toMatchObject({ provider: 'travelport', offers: ours.offers })
    expect(Buffer.isBuffer(theirs.part!.hot)).toBe(true)
  })

  test('what a supplier refuses, or nobody can read, is the same ProviderError from a thread', async () => {
    const [here, there] = [readerOf({ threads: 0 }), readerOf({ threads: 1 })]
    const padding = `<!--${'x'.repeat(40_000)}-->`
    const fault = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>Server</faultcode><faultstring>No</faultstring><detail><e><Code>4711</Code></e></detail></s:Fault></s:Body></s:Envelope>${padding}`
    const bodies: [Provider, Buffer, number][] = [
      [travelport, Buffer.from(fault), 500],
      [travelport, Buffer.from(`<html>${padding}`), 200],
      [travelport, large.subarray(0, 100_000), 200],
      [travelport, large, 429],
      [duffel, Buffer.from(JSON.stringify({ errors: [{ type: 'rate_limit_error', code: 'rate_limit_exceeded', title: padding }] })), 429],
    ]
    const facts = async (reader: PartReader) => {
      const errors = bodies.map(([provider, bytes, status]) =>
        reader.read(provider, QUERY, reply(bytes, status)).then(
          () => null,
          (error: unknown) => error,
        ),
      )
      return (await Promise.all(errors)).map((error) => {
        expect(error).toBeInstanceOf(ProviderError)
        const { provider, fault: kind, code, message } = error as ProviderError
        return { provider, kind, code, message }
      })
    }
    const theirs = await facts(there)
    expect(theirs).toEqual(await facts(here))
    expect(theirs.map((one) => one.kind)).toEqual(['refused', 'malformed', 'malformed', 'throttled', 'throttled'])
    expect(theirs.map((one) => one.code)).toEqual(['4711', null, null, null, 'rate_limit_exceeded'])
  })

  test('small replies and those that are offers already are read at once, whoever they are from', async () => {
    const reader = readerOf({ threads: 1 })
    const offers = [nonstop('GA', '874', 500), nonstop('GA', '874', 500), nonstop('JL', '726', 600)]
    const seller = sellerOf('alpha', offers)
    const oneWay = { ...QUERY, slices: QUERY.slices.slice(0, 1) }
    const said = (await seller.flights!.shop(oneWay, { signal: new AbortController().signal })) as ShopReply
    expect(await reader.read(seller, oneWay, said)).toMatchObject({
      offers: 2,
      solutions: 3,
      duplicates: 1,
      unusable: 0,
      part: { offers: 2 },
    })
    expect(await reader.read(seller, QUERY, said)).toEqual({ part: null, offers: 0, solutions: 3, duplicates: 0, unusable: 3 })
    // No thread knows this seller.
    const unread = { ...seller, flights: { ...seller.flights!, readShop: () => said } }
    expect(await reader.read(unread, oneWay, { unread: Buffer.alloc(1_000), status: 200 })).toMatchObject({ offers: 2 })
    await expect(reader.read(unread, oneWay, { unread: Buffer.alloc(100_000), status: 200 })).rejects.toThrow(/no thread can read/)
  })

  describe('beside a loop that goes on', () => {
    /** The worst delay but for one per cent, while eight large replies are read. What else the machine does only adds to it, so the least of three counts. */
    async function worstDelay(reader: PartReader): Promise<number> {
      await reader.read(travelport, QUERY, reply())
      const rounds: number[] = []
      for (let round = 0; round < 3; round += 1) {
        const replies = Array.from({ length: 8 }, () => reply())
        const delay = monitorEventLoopDelay({ resolution: 1 })
        delay.enable()
        // Delays are told from one turn of the loop to the next, so there is one before, between and after.
        await setTimeout(1)
        const reads = []
        for (const one of replies) {
          reads.push(reader.read(travelport, QUERY, one))
          await setTimeout(1)
        }
        await Promise.all(reads)
        await setTimeout(1)
        delay.disable()
        rounds.push(delay.percentile(99) / 1e6)
      }
      return Math.min(...rounds)
    }

    test('is not held up for 10 ms by eight replies of 1.5 MB in a thread', async () => {
      expect(await worstDelay(readerOf({ threads: 1 }))).toBeLessThan(10)
    })

    test('is held up by them without a thread, which is what threads are for', async () => {
      expect(await worstDelay(readerOf({ threads: 0 }))).toBeGreaterThan(10)
    })
  })

  describe('in threads of its own', () => {
    test('gives away the memory of a part, and takes that of the reply', async () => {
      const reader = readerOf({ threads: 1, thread: ODD_THREAD })
      const left = async (): Promise<number> => {
        const error = await reader.read(travelport, QUERY, reply(large, ODD.whatIsLeft)).then(
          () => null,
          (thrown: unknown) => thrown,
        )
        return Number((error as ProviderError).code)
      }
      const taken = reply()
      const { part } = await reader.read(travelport, QUERY, taken)
      expect(part!.hot.length).toBeGreaterThan(100_000)
      expect(await left()).toBe(0)
      expect(taken.unread.byteLength).toBe(0)
      const cloned = await reader.read(travelport, QUERY, reply(large, ODD.clone))
      expect(await left()).toBe(cloned.part!.hot.length + cloned.part!.packedHot.length + cloned.part!.packedCold.length)
    })

    test.each([
      ['ends its thread', ODD.crash],
      ['needs more memory than a thread may have', ODD.eat],
      ['makes its thread throw', ODD.throw],
    ] as const)('a reply that %s is malformed, and the next one is read', { timeout: 90_000 }, async (_, status) => {
      const reader = readerOf({ threads: 1, thread: ODD_THREAD, deadlineMs: 60_000 })
      const [bad, good] = [reader.read(travelport, QUERY, reply(large, status)), reader.read(travelport, QUERY, reply())]
      await expect(bad).rejects.toMatchObject({ name: 'ProviderError', provider: 'travelport', fault: 'malformed' })
      expect((await good).offers).toBeGreaterThan(300)
    })

    test('a reply that takes too long is given up, and its thread with it', async () => {
      const reader = readerOf({ threads: 1, thread: ODD_THREAD, deadlineMs: 4_000 })
      await reader.read(travelport, QUERY, reply())
      await expect(reader.read(travelport, QUERY, reply(large, ODD.hang))).rejects.toMatchObject({
        name: 'ProviderError',
        fault: 'timeout',
      })
      expect((await reader.read(travelport, QUERY, reply())).offers).toBeGreaterThan(300)
    })

    test('more replies than may wait are refused at once, and those that wait are read', async () => {
      const reader = readerOf({ threads: 1, thread: ODD_THREAD, waitingMax: 2 })
      const [first, second, third] = [reply(), reply(), reply()].map((one) => reader.read(travelport, QUERY, one))
      await expect(reader.read(travelport, QUERY, reply())).rejects.toMatchObject({ name: 'ProviderError', fault: 'throttled' })
      for (const read of [first, second, third]) expect((await read!).offers).toBeGreaterThan(300)
      expect((await reader.read(travelport, QUERY, reply())).offers).toBeGreaterThan(300)
    })

    test('closing gives up what is being read, and afterwards nothing is', async () => {
      const reader = readerOf({ threads: 1, thread: ODD_THREAD })
      const hanging = reader.read(travelport, QUERY, reply(large, ODD.hang))
      const waiting = reader.read(travelport, QUERY, reply())
      const ends = Promise.all(
        [hanging, waiting].map((read) => expect(read).rejects.toMatchObject({ name: 'ProviderError', fault: 'timeout' })),
      )
      await reader.close()
      await ends
      await expect(reader.read(travelport, QUERY, reply())).rejects.toMatchObject({ fault: 'timeout' })
    })

    test.skipIf(process.platform !== 'linux')('stands back behind the thread that answers searches', async () => {
      const niced = () =>
        readdirSync('/proc/self/task').filter((id) => {
          const stat = readFileSync(`/proc/self/task/${id}/stat`, 'utf8')
          return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]) >= 10
        }).length
      const before = niced()
      const reader = readerOf({ threads: 2, niceness: 10 })
      await Promise.all([reader.read(travelport, QUERY, reply()), reader.read(travelport, QUERY, reply())])
      expect(niced() - before).toBeGreaterThanOrEqual(2)
      const mine = readFileSync('/proc/thread-self/stat', 'utf8')
      expect(mine.slice(mine.lastIndexOf(')') + 2).split(' ')[16]).toBe('0')
    })

    test.each(['and nobody closes it', 'and it is closed'])(
      'lets its process end when all is read %s',
      async (how) => {
        const script = `
        import { readFileSync } from 'node:fs'
        import { createPartReader } from './src/search/part-reader/part-reader.ts'
        const reader = createPartReader({ threads: 1, deadlineMs: 28_000, niceness: 0 })
        const query = ${JSON.stringify(QUERY)}
        const error = await reader.read({ id: 'travelport' }, query, { unread: Buffer.alloc(50_000, 32), status: 200 }).catch((error) => error)
        process.stdout.write(error.fault)
        ${how.includes('closed') ? 'await reader.close()' : ''}`
        const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
          stdio: ['ignore', 'pipe', 'inherit'],
          timeout: 40_000,
        })
        let said = ''
        child.stdout.on('data', (chunk) => (said += String(chunk)))
        expect(await once(child, 'close')).toEqual([0, null])
        expect(said).toBe('malformed')
      },
      45_000,
    )
  })
})
