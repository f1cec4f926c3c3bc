import { expect, test } from 'vitest'
import { judgeReply } from './judge-reply.ts'

const PATH = '/v1/flights/offers?origin=CGK&destination=NRT&departure_date=2026-12-11&adults=2&cabin=business&max_stops=0'
const offer = (origin = 'CGK', destination = 'NRT') => ({ slices: [{ origin, destination }] })
const page = {
  search: {
    origin: 'CGK',
    destination: 'NRT',
    departure_date: '2026-12-11',
    passengers: { adults: 2, children: 0, infants: 0 },
    cabin: 'business',
  },
  sources: [
    { provider: 'alpha', state: 'answered', offers: 30 },
    { provider: 'bravo', state: 'asked', offers: 0 },
    { provider: 'charlie', state: 'throttled', offers: 0 },
  ],
  total: 30,
  data: [offer(), offer()],
}
const judge = (value: unknown, status = 200) => judgeReply(PATH, { status, body: Buffer.from(JSON.stringify(value)) })

test('a reply that answers what was asked is right, and tells who is missing in it', () => {
  expect(judge(page)).toEqual({ fault: null, pending: 1, missing: 1, offers: { alpha: 30, bravo: 0, charlie: 0 } })
  expect(judge({ ...page, data: [] }).fault).toBeNull()
})

test.each([
  ['another status', judge({ title: 'too busy' }, 503), /^status 503: .*too busy/],
  ['a body cut off', judgeReply(PATH, { status: 200, body: Buffer.from('{"search":') }), /^no JSON/],
  ['another route', judge({ ...page, search: { ...page.search, destination: 'KIX' } }), /^asked CGK NRT .* answered CGK KIX/],
  ['another day', judge({ ...page, search: { ...page.search, departure_date: '2026-12-12' } }), /^asked/],
  ['other travellers', judge({ ...page, search: { ...page.search, passengers: { adults: 1, children: 0, infants: 0 } } }), /^asked/],
  ['another cabin', judge({ ...page, search: { ...page.search, cabin: 'economy' } }), /^asked/],
  ['an offer of another route', judge({ ...page, data: [offer(), offer('CGK', 'KIX')] }), /one of CGK-KIX/],
  ['no offers at all', judge({ ...page, total: 0, data: [] }), /^no offers/],
])('%s is an error', (_, verdict, fault) => {
  expect(verdict.fault).toMatch(fault)
})
