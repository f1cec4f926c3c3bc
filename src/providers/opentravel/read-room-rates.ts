import type { Instant } from '../../kernel/time.ts'
import type { Money } from '../../kernel/money.ts'
import type { BoardBasis, CancellationStep, RoomOccupancy, StayCharge, StayOffer } from '../../travel/stay.ts'
import { attribute, child, children, type XmlElement } from '../../platform/xml.ts'
import { zoneOfProperty } from './property-zone.ts'
import { readCharges } from './read-charges.ts'
import { depositsOf, isFreeNow, nonRefundable, penaltiesOf, readCancellation, timelineAt, type PenaltyBase } from './read-penalties.ts'
import { readBoard, readPayAt, readRemarks } from './read-terms.ts'
import { readRateTotal, type Dates } from './read-total.ts'
import { readCount, readText, type MoneyReader } from './read-values.ts'
import type { RateKey } from './wire.ts'

/** A rate of one room: what an offer for one room is, before it is one. */
export type RoomOption = {
  readonly key: RateKey
  readonly roomName: string
  readonly roomCode: string | null
  readonly plan: StayOffer['ratePlan']
  readonly board: BoardBasis | null
  readonly boardText: string | null
  readonly total: Money
  readonly charges: readonly StayCharge[]
  readonly payAt: StayOffer['payAt']
  readonly refundable: boolean | null
  readonly cancellation: readonly CancellationStep[] | null
  readonly roomsLeft: number | null
  readonly remarks: readonly string[]
}

/** Whether a RoomStay, a rate plan or a rate is sold at once. */
function isSold(element: XmlElement | undefined): boolean {
  const status = attribute(element, 'AvailabilityStatus')
  return status === undefined || status === '' || status === 'AvailableForSale' || status === 'ChangeDuringStay'
}

/**
 * The rates in a RoomStay that are sold and whose total is certain, and how many there are before that is asked. A rate
 * that comes in several pieces, one for each night, is one.
 */
export function readRoomRates(
  roomStay: XmlElement,
  dates: Dates,
  { amounts, now, info }: { readonly amounts: MoneyReader; readonly now: Instant | null; readonly info: XmlElement | undefined },
): { readonly count: number; readonly options: readonly RoomOption[] } {
  if (!isSold(roomStay)) return { count: 0, options: [] }
  const groups = groupByRate(children(child(roomStay, 'RoomRates'), 'RoomRate').filter(isSold))
  const zone = zoneOfProperty(info)
  const plans = createIndex(children(child(roomStay, 'RatePlans'), 'RatePlan'), ['RatePlanID', 'RatePlanCode'])
  const types = createIndex(children(child(roomStay, 'RoomTypes'), 'RoomType'), ['RoomID', 'RoomTypeCode'])
  const options = groups.flatMap((pieces) => {
    const plan = plans(pieces[0]!)
    return isSold(plan) ? (readOption({ roomStay, types, pieces, plan, isOnly: groups.length === 1, dates, zone, amounts, now }) ?? []) : []
  })
  return { count: groups.length, options }
}

function groupByRate(roomRates: readonly XmlElement[]): readonly (readonly XmlElement[])[] {
  const groups = new Map<string, XmlElement[]>()
  for (const [index, roomRate] of roomRates.entries()) {
    const pieces = ratesOf(roomRate)
    // Only nights can be pieces: two rates with a total of their own are two rates, whatever they are called.
    const isPiece = !child(roomRate, 'Total') && pieces.length > 0 && pieces.every((rate) => attribute(rate, 'EffectiveDate'))
    const key = isPiece ? JSON.stringify(keyOf(roomRate)) : String(index)
    const group = groups.get(key)
    if (group) group.push(roomRate)
    else groups.set(key, [roomRate])
  }
  return [...groups.values()]
}

function ratesOf(roomRate: XmlElement): readonly XmlElement[] {
  return children(child(roomRate, 'Rates'), 'Rate')
}

function keyOf(roomRate: XmlElement): RateKey {
  return {
    roomTypeCode: attribute(roomRate, 'RoomTypeCode') || null,
    roomId: attribute(roomRate, 'RoomID') || null,
    ratePlanCode: attribute(roomRate, 'RatePlanCode') || null,
    ratePlanId: attribute(roomRate, 'RatePlanID') || null,
    bookingCode: attribute(roomRate, 'BookingCode') || null,
  }
}

type Index = (roomRate: XmlElement) => XmlElement | undefined

/**
 * Finds the element of a list that a rate refers to by one of these attributes, in their order; the only one, where the
 * rate refers to none.
 */
function createIndex(list: readonly XmlElement[], names: readonly string[]): Index {
  const byName = names.map((name) => {
    const byValue = new Map<string, XmlElement>()
    for (const one of list) {
      const value = attribute(one, name)
      if (value && !byValue.has(value)) byValue.set(value, one)
    }
    return [name, byValue] as const
  })
  return (roomRate) => {
    let refers = false
    for (const [name, byValue] of byName) {
      const value = attribute(roomRate, name)
      if (!value) continue
      refers = true
      const found = byValue.get(value)
      if (found) return found
    }
    return !refers && list.length === 1 ? list[0] : undefined
  }
}

type Sources = {
  readonly roomStay: XmlElement
  readonly types: Index
  readonly pieces: readonly XmlElement[]
  readonly plan: XmlElement | undefined
  readonly isOnly: boolean
  readonly dates: Dates
  readonly zone: string | null
  readonly amounts: MoneyReader
  readonly now: Instant | null
}

function readOption({ roomStay, types, pieces, plan, isOnly, dates, zone, amounts, now }: Sources): RoomOption | null {
  const first = pieces[0]!
  const rates = pieces.flatMap(ratesOf)
  const totals = { ofRoomRate: child(first, 'Total'), ofRoomStay: isOnly ? child(roomStay, 'Total') : undefined }
  const price = readRateTotal(rates, totals, dates, amounts)
  if (!price || price.total.amount <= 0) return null
  const room = types(first)
  const key = completeKey(keyOf(first), room, plan)
  const holders = [...rates, first, plan, roomStay]
  const penalties = penaltiesOf(holders)
  const cancellation = cancellationOf(
    { penalties, deposits: depositsOf(holders) },
    plan,
    { ...dates, total: price.total, nightly: price.nightly, zone, amounts },
    now,
  )
  const { board, text } = readBoard(holders)
  return {
    key,
    roomName: roomNameOf(room, first, key),
    roomCode: key.roomTypeCode ?? key.roomId,
    plan: planOf(plan, key),
    board,
    boardText: text,
    total: price.total,
    charges: readCharges(price.element, [...rates, first], amounts, price.total),
    payAt: readPayAt(plan, [...rates, first, roomStay]),
    refundable: isFreeNow(cancellation),
    cancellation,
    roomsLeft: roomsLeftOf(room),
    remarks: readRemarks([plan, first, ...rates], penalties),
  }
}

/** With a match type beside it, the number of units repeats how many were asked for. */
function roomsLeftOf(room: XmlElement | undefined): number | null {
  return attribute(room, 'NumberOfUnitsMatchType') === undefined ? readCount(attribute(room, 'NumberOfUnits')) || null : null
}

function completeKey(key: RateKey, room: XmlElement | undefined, plan: XmlElement | undefined): RateKey {
  return {
    roomTypeCode: key.roomTypeCode ?? (attribute(room, 'RoomTypeCode') || null),
    roomId: key.roomId ?? (attribute(room, 'RoomID') || null),
    ratePlanCode: key.ratePlanCode ?? (attribute(plan, 'RatePlanCode') || null),
    ratePlanId: key.ratePlanId ?? (attribute(plan, 'RatePlanID') || null),
    bookingCode: key.bookingCode ?? (attribute(plan, 'BookingCode') || null),
  }
}

function roomNameOf(room: XmlElement | undefined, roomRate: XmlElement, key: RateKey): string {
  const described = readText(child(room, 'RoomDescription')) ?? readText(child(room, 'RoomDescriptions'))
  const named = attribute(child(room, 'RoomDescription'), 'Name') ?? attribute(room, 'RoomType') ?? attribute(room, 'RoomTypeName')
  return (described ?? named ?? readText(child(roomRate, 'RoomRateDescription')) ?? key.roomTypeCode ?? key.roomId ?? 'Room').slice(0, 200)
}

function planOf(plan: XmlElement | undefined, key: RateKey): StayOffer['ratePlan'] {
  const code = key.ratePlanCode ?? key.ratePlanId
  const described = readText(child(plan, 'RatePlanDescription'))
  // RatePlanType is a number of a code list with most sellers and the plan's name with some.
  const type = attribute(plan, 'RatePlanType')
  const name =
    attribute(plan, 'RatePlanName') ||
    attribute(child(plan, 'RatePlanDescription'), 'Name') ||
    (type && !/^\d+$/.test(type) ? type : described)
  return code === null && !name ? null : { code, name: name?.slice(0, 200) || null }
}

function cancellationOf(
  { penalties, deposits }: { readonly penalties: readonly XmlElement[]; readonly deposits: readonly XmlElement[] },
  plan: XmlElement | undefined,
  base: PenaltyBase,
  now: Instant | null,
): readonly CancellationStep[] | null {
  const names = [attribute(plan, 'RatePlanType'), attribute(plan, 'RatePlanName')].filter((text) => text !== undefined)
  if (names.some((name) => /\bnon[- ]?refund/i.test(name))) return nonRefundable(base.total)
  const steps = readCancellation(penalties, deposits, base)
  return steps && timelineAt(steps, now)
}

/** Who the guest counts of a RoomStay are, by age qualifying code or age; null when it has none. */
export function readOccupancy(roomStay: XmlElement): RoomOccupancy | null {
  const counts = children(child(roomStay, 'GuestCounts'), 'GuestCount')
  if (counts.length === 0) return null
  let adults = 0
  const childAges: number[] = []
  for (const one of counts) {
    const count = Math.min(readCount(attribute(one, 'Count')) ?? 1, 50)
    const age = readCount(attribute(one, 'Age'))
    const code = attribute(one, 'AgeQualifyingCode')
    const isChild = code === '8' || code === '7' || code === '9' || (code !== '10' && age !== null && age < 18)
    if (isChild) childAges.push(...Array.from({ length: count }, () => age ?? 0))
    else adults += count
  }
  return { adults, childAges }
}
