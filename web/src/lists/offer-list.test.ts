import { expect, test } from 'vitest'
import { noFacets, sampleAge, sampleList, sampleOffer, sampleUpdate } from '../test/samples.ts'
import { isSameList, updateList } from './offer-list.ts'

const [a, b, c] = ['off_a', 'off_b', 'off_c'].map((id) => sampleOffer({ id })) as [
  ReturnType<typeof sampleOffer>,
  ReturnType<typeof sampleOffer>,
  ReturnType<typeof sampleOffer>,
]
const ids = (list: { offers: readonly { id: string }[] }) => list.offers.map((offer) => offer.id)

test('puts in what is new, takes out what is gone, and keeps to the order told', () => {
  const first = updateList(null, sampleUpdate([a, b], { reset: true }), sampleAge)
  const second = updateList(first, sampleUpdate([c], { remove: ['off_a'], order: ['off_c', 'off_b'] }), sampleAge)
  expect(ids(second)).toEqual(['off_c', 'off_b'])
})

test('an offer told again replaces the one told before', () => {
  const dearer = sampleOffer({ id: 'off_a', total: { amount: '120.00', currency: 'USD' } })
  const list = updateList(sampleList([a, b]), sampleUpdate([dearer], { order: ['off_b', 'off_a'] }), sampleAge)
  expect(list.offers[1]?.total.amount).toBe('120.00')
})

test('a stream that begins anew forgets what it has told', () => {
  const list = updateList(sampleList([a, b]), sampleUpdate([c], { reset: true, order: ['off_a', 'off_c'] }), sampleAge)
  expect(ids(list)).toEqual(['off_c'])
})

test('the counts known stay until they are told anew', () => {
  const counted = { ...noFacets, stops: [{ value: 0, count: 2, from: null }] }
  expect(updateList(sampleList([a], { facets: counted }), sampleUpdate([b]), sampleAge).facets).toBe(counted)
})

test('lists of the same rows in another order are not the same', () => {
  expect(isSameList(sampleList([a, b]), sampleList([a, b]))).toBe(true)
  expect(isSameList(sampleList([a, b]), sampleList([b, a]))).toBe(false)
  expect(isSameList(sampleList([a]), sampleList([a, b], { matching: 1 }))).toBe(false)
})
