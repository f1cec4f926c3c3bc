import type { FieldFault } from '../api/problem.ts'
import { readTab, writeTab } from '../api/tab-store.ts'
import type { BookingOrder, GuestOrder, Money, StayOffer } from '../api/types.ts'
import { contactFaults, type Faults } from './draft-faults.ts'
import { normalPhone } from './draft.ts'

export type GuestDraft = { title: string; givenName: string; familyName: string }

/** A guest who may stay unnamed; `age` is of a child. */
export type OtherGuestDraft = GuestDraft & { age: number | null }

/** Who sleeps in one room: the guest it is booked for, and the others as far as they are named. */
export type RoomDraft = { lead: GuestDraft; others: readonly OtherGuestDraft[]; namesOthers: boolean }

export type StayDraft = { rooms: readonly RoomDraft[]; email: string; phone: string }

const slot = 'farewire.stay-draft'
const nobody: GuestDraft = { title: '', givenName: '', familyName: '' }

/** The draft of this tab, fitted to the rooms of the stay: what was typed for a room is kept for the next rate. */
export function loadStayDraft(stay: StayOffer): StayDraft {
  const stored = readTab<StayDraft>(slot)
  const rooms = stay.rooms.map((room, i): RoomDraft => {
    const known = stored?.rooms[i]
    const ages = [...Array.from({ length: room.adults - 1 }, () => null), ...room.child_ages]
    const isSame = known !== undefined && known.others.map(({ age }) => age).join() === ages.join()
    return {
      lead: known?.lead ?? nobody,
      others: isSame ? known.others : ages.map((age) => ({ ...nobody, age })),
      namesOthers: isSame && known.namesOthers,
    }
  })
  return { rooms, email: stored?.email ?? '', phone: stored?.phone ?? '' }
}

/** Keeps the draft for this tab. */
export function saveStayDraft(draft: StayDraft): void {
  writeTab(slot, draft)
}

type Named = GuestDraft & { room: number; age: number | null; pointer: string }

const isNamed = ({ givenName, familyName }: GuestDraft) => givenName.trim() !== '' || familyName.trim() !== ''

/** Those the order names, in its order, each with the pointer of its fields in the form. */
function namedGuests(draft: StayDraft): Named[] {
  return draft.rooms.flatMap(({ lead, others, namesOthers }, room) => [
    { ...lead, room, age: null, pointer: leadPointer(room) },
    ...(namesOthers ? others.map((other, i) => ({ ...other, room, pointer: otherPointer(room, i) })).filter(isNamed) : []),
  ])
}

export function leadPointer(room: number): string {
  return `/rooms/${room}/lead`
}

export function otherPointer(room: number, index: number): string {
  return `/rooms/${room}/others/${index}`
}

/** The order the draft stands for; call only when it has no faults. */
export function toStayOrder(draft: StayDraft, offerId: string, expectedTotal: Money): BookingOrder {
  return {
    offer_id: offerId,
    expected_total: expectedTotal,
    guests: namedGuests(draft).map(({ room, title, givenName, familyName, age }) => ({
      room,
      title: title === '' ? null : (title as GuestOrder['title'] & string),
      given_name: givenName.trim(),
      family_name: familyName.trim(),
      ...(age === null ? {} : { age }),
    })),
    contact: { email: draft.email.trim(), phone: normalPhone(draft.phone) },
  }
}

/** What can be seen to be wrong before asking the server, in the order of the form. */
export function findStayFaults(draft: StayDraft): Faults {
  const faults: Record<string, string> = {}
  for (const { givenName, familyName, pointer } of namedGuests(draft)) {
    if (givenName.trim() === '') faults[`${pointer}/given_name`] = 'Write the given name'
    if (familyName.trim() === '') faults[`${pointer}/family_name`] = 'Write the family name'
  }
  return { ...faults, ...contactFaults(draft) }
}

/** The server's faults by field of the form, and those that belong to none. */
export function toStayFaults(errors: readonly FieldFault[], draft: StayDraft): { faults: Faults; rest: FieldFault[] } {
  const guests = namedGuests(draft)
  const faults: Record<string, string> = {}
  const rest: FieldFault[] = []
  for (const error of errors) {
    const pointer = error.pointer.replace(/^#/, '').replace(/^\/body/, '')
    const [, index, field] = /^\/guests\/(\d+)\/(title|given_name|family_name)$/.exec(pointer) ?? []
    const guest = index === undefined ? undefined : guests[Number(index)]
    const place =
      guest !== undefined ? `${guest.pointer}/${field}` : pointer === '/contact/email' || pointer === '/contact/phone' ? pointer : null
    if (place === null) rest.push(error)
    else faults[place] ??= error.message.charAt(0).toUpperCase() + error.message.slice(1)
  }
  return { faults, rest }
}
