import { describe, expect, test } from 'vitest'
import { fakeStaySeller, houseId, property, rateFor } from '../../../test/support/fake-stays.ts'
import { ProviderError } from '../../providers/errors.ts'
import { parseLocalDate } from '../../kernel/time.ts'
import { mergeHouse } from '../stays/content/house.ts'
import { toHouseColumns } from '../stays/stay-columns.ts'
import type { StayQuestion } from '../stays/stay-question.ts'
import { createPartReader } from './part-reader.ts'
import type { Answerer } from './read-reply.ts'
import { doTask, takeOver } from './reading-task.ts'

const house = { ...mergeHouse(houseId('a'), [property()]), distanceM: 10 }
const question: StayQuestion = {
  query: {
    properties: ['1'],
    checkIn: parseLocalDate('2026-12-01'),
    checkOut: parseLocalDate('2026-12-02'),
    rooms: [{ adults: 2, childAges: [] }],
    guestCountry: 'DE',
    currency: 'EUR',
  },
  homes: new Map([['1', toHouseColumns(house, '{"name":"Hotel Uno"}')]]),
}

/** A supplier that leaves its replies unread: each is a number of rates. */
const seller: Answerer = {
  ...fakeStaySeller('alpha', async () => []),
  stays: {
    ...fakeStaySeller('alpha', async () => []).stays,
    readShop: ({ unread }, query) => {
      const rates = Number(Buffer.from(unread).toString('utf8'))
      if (Number.isNaN(rates)) throw new ProviderError('alpha', 'malformed', 'not a number')
      return { solutions: 1, offers: Array.from({ length: rates }, (_, i) => rateFor(query, '1', { remarks: [`rate ${i}`] })) }
    },
  },
}
const unread = (text: string) => ({ unread: Buffer.from(text), status: 200 })

describe('replies about stays', () => {
  test('are read here, and in a thread to the same bytes, with the houses that were asked for', async () => {
    const reader = createPartReader({ threads: 0 })
    const here = await reader.readStays(seller, question, unread('3'))
    expect({ ...here, part: null }).toEqual({ part: null, offers: 3, solutions: 1, duplicates: 0, unusable: 0, packageOnly: 0 })
    // What a thread is given and gives back crosses as structured clones.
    const task = structuredClone({ provider: 'alpha', question, reply: unread('3') })
    const answer = takeOver(structuredClone(await doTask(() => seller, task)))
    if (answer.kind !== 'read') throw new Error(answer.message)
    expect(answer.read.part!.hot.equals(here.part!.hot)).toBe(true)
    expect({ ...answer.read, part: null }).toEqual({ ...here, part: null })
  })

  test('that cannot be read are the supplier’s failure, in a thread too', async () => {
    const reader = createPartReader({ threads: 0 })
    await expect(reader.readStays(seller, question, unread('many'))).rejects.toMatchObject({ fault: 'malformed' })
    expect(await doTask(() => seller, { provider: 'alpha', question, reply: unread('many') })).toMatchObject({
      kind: 'refused',
      fault: 'malformed',
    })
    expect(await doTask(() => undefined, { provider: 'alpha', question, reply: unread('1') })).toMatchObject({ kind: 'broken' })
  })

  test('without a rate are no part', async () => {
    expect(await createPartReader({ threads: 0 }).readStays(seller, question, unread('0'))).toMatchObject({ part: null, offers: 0 })
  })
})
