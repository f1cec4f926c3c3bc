import { beforeEach, expect, test, vi } from 'vitest'
import { sampleStay } from '../test/samples.ts'
import { findStayFaults, loadStayDraft, saveStayDraft, toStayFaults, toStayOrder, type StayDraft } from './stay-draft.ts'

const stored = new Map<string, string>()
beforeEach(() => {
  stored.clear()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => stored.set(key, value),
    removeItem: (key: string) => stored.delete(key),
  })
})

const stay = sampleStay({
  rooms: [
    { name: 'FAMILY ROOM', adults: 2, child_ages: [5, 8] },
    { name: 'SINGLE ROOM', adults: 1, child_ages: [] },
  ],
})
const total = { amount: '300.00', currency: 'USD' }
const person = (givenName: string, familyName = 'Santoso') => ({ title: '', givenName, familyName })

function filled(): StayDraft {
  const draft = loadStayDraft(stay)
  return {
    ...draft,
    email: 'budi@example.com',
    phone: '+62 812-345-678',
    rooms: draft.rooms.map((room, i) => ({ ...room, lead: person(i === 0 ? 'Budi' : 'Ayu') })),
  }
}

test('one adult of each room is enough, and is sent with the room', () => {
  const draft = filled()
  expect(findStayFaults(draft)).toEqual({})
  expect(toStayOrder(draft, 'sty_1', total)).toEqual({
    offer_id: 'sty_1',
    expected_total: total,
    guests: [
      { room: 0, title: null, given_name: 'Budi', family_name: 'Santoso' },
      { room: 1, title: null, given_name: 'Ayu', family_name: 'Santoso' },
    ],
    contact: { email: 'budi@example.com', phone: '+62812345678' },
  })
})

test('a room without a name, and an other guest half named, are told where they stand', () => {
  const draft = filled()
  const [first, second] = draft.rooms
  const others = first!.others.map((other, i) => (i === 2 ? { ...other, givenName: 'Adi' } : other))
  const faulty = {
    ...draft,
    rooms: [
      { ...first!, namesOthers: true, others },
      { ...second!, lead: person('', '') },
    ],
  }
  expect(Object.keys(findStayFaults(faulty))).toEqual([
    '/rooms/0/others/2/family_name',
    '/rooms/1/lead/given_name',
    '/rooms/1/lead/family_name',
  ])
})

test('others are sent only when named, children with the age the price is for', () => {
  const draft = filled()
  const [first, second] = draft.rooms
  const others = first!.others.map((other) => (other.age === 8 ? { ...other, ...person('Adi') } : other))
  const named = { ...draft, rooms: [{ ...first!, namesOthers: true, others }, second!] }
  expect(toStayOrder(named, 'sty_1', total).guests?.[1]).toEqual({
    room: 0,
    title: null,
    given_name: 'Adi',
    family_name: 'Santoso',
    age: 8,
  })
  expect(toStayOrder({ ...named, rooms: [{ ...named.rooms[0]!, namesOthers: false }, second!] }, 'sty_1', total).guests).toHaveLength(2)
})

test('the server’s faults land at the guest they are about, others stay in view', () => {
  const error = (pointer: string) => ({ pointer, code: 'name', message: 'write it in letters' })
  const { faults, rest } = toStayFaults([error('/guests/1/given_name'), error('/guests'), error('/contact/email')], filled())
  expect(faults).toEqual({ '/rooms/1/lead/given_name': 'Write it in letters', '/contact/email': 'Write it in letters' })
  expect(rest.map(({ pointer }) => pointer)).toEqual(['/guests'])
})

test('what was typed for a room is there again for another rate; names of others only where the same people stay', () => {
  const draft = filled()
  const [first, second] = draft.rooms
  saveStayDraft({ ...draft, rooms: [{ ...first!, namesOthers: true }, second!] })
  expect(loadStayDraft(stay).rooms[0]).toMatchObject({ lead: { givenName: 'Budi' }, namesOthers: true })
  expect(loadStayDraft(sampleStay()).rooms[0]).toMatchObject({ lead: { givenName: 'Budi' }, namesOthers: false, others: [{ age: null }] })
})
