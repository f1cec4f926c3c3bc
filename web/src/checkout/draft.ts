import type { BookingOrder, Gender, Money, Offer, PassengerOrder, PassengerType } from '../api/types.ts'
import { readTab, writeTab } from '../api/tab-store.ts'

export type DateParts = { day: string; month: string; year: string }

export type PassengerDraft = {
  type: PassengerType
  title: string
  givenName: string
  familyName: string
  born: DateParts
  gender: string
  hasPassport: boolean
  passportNumber: string
  issuingCountry: string
  nationality: string
  passportEnds: DateParts
}

export type Draft = { passengers: PassengerDraft[]; email: string; phone: string }

const slot = 'farewire.draft'
const noDate: DateParts = { day: '', month: '', year: '' }

/** The draft of this tab, fitted to whom the offer is for: what was typed for a traveller of a type is kept for the next offer. */
export function loadDraft(offer: Offer): Draft {
  const stored = readTab<Draft>(slot)
  const left = [...(stored?.passengers ?? [])]
  const passengers = travellersOf(offer).map((type) => {
    const at = left.findIndex((each) => each.type === type)
    const known = at < 0 ? undefined : left.splice(at, 1)[0]
    return { ...emptyPassenger(type), ...known, type }
  })
  return { passengers, email: stored?.email ?? '', phone: stored?.phone ?? '' }
}

/** Keeps the draft for this tab, without passport numbers: those are typed again rather than left lying. */
export function saveDraft(draft: Draft): void {
  writeTab(slot, { ...draft, passengers: draft.passengers.map((passenger) => ({ ...passenger, passportNumber: '' })) })
}

/** The order the draft stands for; call only when it has no faults. */
export function toOrder(draft: Draft, offerId: string, expectedTotal: Money): BookingOrder {
  return {
    offer_id: offerId,
    expected_total: expectedTotal,
    passengers: draft.passengers.map(toPassengerOrder),
    contact: { email: draft.email.trim(), phone: normalPhone(draft.phone) },
  }
}

/** A phone number without the marks people write it with, "+62 812-345" as "+62812345". */
export function normalPhone(phone: string): string {
  return phone.replace(/[\s().\-/]/g, '').replace(/^00/, '+')
}

/** "1990-04-18"; null when the parts are no day of the calendar. */
export function toDate(parts: DateParts): string | null {
  const [year, month, day] = [parts.year, parts.month, parts.day].map((part) => (/^\d{1,4}$/.test(part.trim()) ? Number(part) : Number.NaN))
  if (year === undefined || month === undefined || day === undefined || !(year >= 1000)) return null
  const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  const at = new Date(`${text}T00:00:00Z`)
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text ? null : text
}

/** How airlines print the name, "SANTOSO/BUDI MR". */
export function ticketName(passenger: Pick<PassengerDraft, 'givenName' | 'familyName' | 'title'>): string {
  const plain = (text: string) =>
    text
      .normalize('NFD')
      .replace(/[^\p{L} ]/gu, '')
      .trim()
      .toUpperCase()
  const title = passenger.title === '' ? '' : ` ${passenger.title.toUpperCase()}`
  return `${plain(passenger.familyName)}/${plain(passenger.givenName)}${title}`
}

function toPassengerOrder(passenger: PassengerDraft): PassengerOrder {
  return {
    type: passenger.type,
    title: passenger.title === '' ? null : (passenger.title as PassengerOrder['title'] & string),
    given_name: passenger.givenName.trim(),
    family_name: passenger.familyName.trim(),
    born_on: toDate(passenger.born) ?? '',
    gender: passenger.gender as Gender,
    document: passenger.hasPassport
      ? {
          kind: 'passport',
          number: passenger.passportNumber.replace(/\s/g, '').toUpperCase(),
          issuing_country: passenger.issuingCountry,
          nationality: passenger.nationality,
          expires_on: toDate(passenger.passportEnds) ?? '',
        }
      : null,
  }
}

function travellersOf(offer: Offer): PassengerType[] {
  const order: PassengerType[] = ['adult', 'child', 'infant']
  return order.flatMap((type) => {
    const count = offer.passengers.filter((fare) => fare.type === type).reduce((sum, fare) => sum + fare.count, 0)
    return Array.from({ length: count }, () => type)
  })
}

function emptyPassenger(type: PassengerType): PassengerDraft {
  return {
    type,
    title: '',
    givenName: '',
    familyName: '',
    born: noDate,
    gender: '',
    hasPassport: false,
    passportNumber: '',
    issuingCountry: '',
    nationality: '',
    passportEnds: noDate,
  }
}
