import { expect, test } from 'vitest'
import type { ScheduleChange } from '../api/types.ts'
import { sampleBooking } from '../test/samples.ts'
import { currentChanges, wordsOf } from './change-words.ts'
import { headlineOf } from './goods.ts'
import { toStages } from './stages.ts'

const change = (part: Partial<ScheduleChange> = {}): ScheduleChange => ({
  seq: 1,
  item_id: 'itm_1',
  kind: 'changed',
  is_material: true,
  removed: [],
  added: [],
  status: 'open',
  actions: ['accept', 'refund'],
  respond_by: '2026-12-01T00:00:00Z',
  default_action: 'ask_person',
  found_at: '2026-11-25T00:00:00Z',
  answered_at: null,
  ...part,
})

test('only the latest change of each item is shown, and none that has nothing more to say', () => {
  const changes = [change(), change({ seq: 2, status: 'open' }), change({ seq: 3, item_id: 'itm_2', status: 'withdrawn' })]
  expect(currentChanges(sampleBooking({ schedule_changes: changes })).map(({ seq }) => seq)).toEqual([2])
})

test('an answer under way reads neither as done nor as failed, and says that the ticket is valid', () => {
  expect(wordsOf(change({ status: 'answering', actions: [] }))).toMatchObject({
    tone: 'info',
    text: expect.stringMatching(/stays valid/) as string,
  })
})

test('a cancelled flight offers the money only where it can be had, and promises nothing else', () => {
  expect(wordsOf(change({ kind: 'cancelled', actions: ['refund'] }))?.text).toMatch(/full price/)
  expect(wordsOf(change({ kind: 'cancelled', actions: [], status: 'told' }))?.text).not.toMatch(/You can/)
})

test('a ticket given back never reads as one that was not issued', () => {
  const refund = {
    amount: { amount: '100.00', currency: 'USD' },
    held_by: 'farewire' as const,
    due_by: '2026-12-01T09:00:00Z',
    state: 'requested' as const,
    reason: 'schedule_change',
  }
  const booking = sampleBooking({ stage: 'refunding', status: 'REFUND_PENDING', refund })
  expect(headlineOf(booking, false)).toBe('Ticket given back. Your money is on its way back')
  expect(toStages(booking).map(({ label }) => label)).toContain('Ticket given back')
  expect(JSON.stringify(toStages(booking))).not.toMatch(/Not ticketed/)
})

test('a small change asks for nothing', () => {
  expect(wordsOf(change({ is_material: false }))).toMatchObject({
    tone: 'info',
    text: expect.stringMatching(/need not do anything/) as string,
  })
})
