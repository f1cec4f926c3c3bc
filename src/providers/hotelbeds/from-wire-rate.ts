import type { Money } from '../../kernel/money.ts'
import type { Instant } from '../../kernel/time.ts'
import type { BoardBasis, CancellationStep, StayCharge, StayOffer } from '../../travel/stay.ts'
import { findAmount, readAmount } from './read-amount.ts'
import { freeNow, toTimeline } from './timeline.ts'
import { wireRate, type WireRate, type WireRoom, type WireTax } from './wire.ts'

/** A rate as it can be sold: one or several rooms occupied alike. `ages` is null where the message does not tell them. */
export type RoomRate = {
  readonly key: string
  readonly room: { readonly code: string | null; readonly name: string }
  /** Null where the message does not say; then it is for as many as were asked for. */
  readonly count: number | null
  readonly adults: number | null
  readonly children: number | null
  readonly ages: readonly number[] | null
  readonly net: Money
  readonly boardCode: string | null
  readonly boardText: string | null
  readonly board: BoardBasis | null
  readonly rateClass: string | null
  readonly needsCheck: boolean
  readonly payAt: StayOffer['payAt']
  readonly isPackageOnly: boolean
  readonly allotment: number | null
  readonly cancellation: readonly CancellationStep[] | null
  readonly refundable: boolean | null
  /** Null where the message says nothing about taxes, which a check of rates does not. */
  readonly charges: readonly StayCharge[] | null
  readonly remarks: readonly string[]
}

type Context = { readonly currency: string; readonly now: Instant; readonly checkIn: string | null; readonly checkOut: string | null }

/**
 * The rates of a room that are for the dates asked for. What is listed under a rate's `shiftRates`, and a rate that states other
 * dates itself, is another stay and never offered for this one, however cheap. `unread` counts what could not be understood.
 */
export function toRoomRates(room: WireRoom, context: Context): { readonly rates: readonly RoomRate[]; readonly unread: number } {
  const rates: RoomRate[] = []
  let unread = 0
  for (const wire of room.rates ?? []) {
    if (isShiftedOnly(wire)) continue
    const rate = readRate(wire, room, context)
    if (rate === 'unread') unread += 1
    else if (rate) rates.push(rate)
  }
  return { rates, unread }
}

/** With `allowOnlyShift` a rate may have nothing of its own, only alternatives on other dates. */
function isShiftedOnly(wire: unknown): boolean {
  return typeof wire === 'object' && wire !== null && 'shiftRates' in wire && !('rateKey' in wire)
}

function readRate(wire: unknown, room: WireRoom, context: Context): RoomRate | 'unread' | undefined {
  if (!wireRate.Check(wire)) return 'unread'
  if (isOtherDate(wire.checkIn, context.checkIn) || isOtherDate(wire.checkOut, context.checkOut)) return undefined
  try {
    return toRoomRate(wire, room, context)
  } catch (error) {
    if (error instanceof RangeError) return 'unread'
    throw error
  }
}

/** Whether a message states a date, and another one than was asked for. */
export function isOtherDate(stated: string | null | undefined, asked: string | null): boolean {
  return Boolean(stated) && asked !== null && stated!.slice(0, 10) !== asked
}

function toRoomRate(wire: WireRate, room: WireRoom, { currency, now }: Context): RoomRate {
  const cancellation = toTimeline(wire.cancellationPolicies ?? [], currency)
  return {
    key: wire.rateKey,
    room: { code: room.code ?? null, name: room.name ?? room.code ?? 'Room' },
    count: wire.rooms ?? null,
    adults: wire.adults ?? null,
    children: wire.children ?? null,
    ages: toAges(wire),
    net: readAmount(wire.net, currency),
    boardCode: wire.boardCode ?? null,
    boardText: wire.boardName ?? null,
    board: toBoard(wire),
    rateClass: wire.rateClass ?? null,
    needsCheck: wire.rateType === 'RECHECK',
    payAt: wire.paymentType === 'AT_WEB' ? 'booking' : wire.paymentType === 'AT_HOTEL' ? 'property' : null,
    isPackageOnly: wire.packaging === true,
    allotment: wire.allotment && wire.allotment > 0 ? Math.floor(wire.allotment) : null,
    cancellation,
    refundable: wire.rateClass === 'NRF' ? false : cancellation && freeNow(cancellation, now),
    charges: wire.taxes?.taxes ? wire.taxes.taxes.map((tax) => toCharge(tax, currency)) : null,
    remarks: toRemarks(wire),
  }
}

function toAges(wire: WireRate): number[] | null {
  if (wire.children === 0) return []
  const ages = String(wire.childrenAges ?? '').match(/\d+/g)
  return ages ? ages.map(Number) : null
}

/** Codes that mean one of the five bases; the many others are known by their names. */
const BOARDS: Readonly<Record<string, BoardBasis>> = {
  RO: 'RO',
  SC: 'RO',
  BB: 'BB',
  AB: 'BB',
  CB: 'BB',
  DB: 'BB',
  GB: 'BB',
  IB: 'BB',
  SB: 'BB',
  LB: 'BB',
  HB: 'HB',
  FB: 'FB',
  AI: 'AI',
}
const BOARD_NAMES: readonly (readonly [RegExp, BoardBasis])[] = [
  [/all[ -]inclusive/i, 'AI'],
  [/full board/i, 'FB'],
  [/half board/i, 'HB'],
  [/breakfast/i, 'BB'],
  [/room only|self[ -]catering|accommodation only/i, 'RO'],
]

function toBoard({ boardCode, boardName }: WireRate): BoardBasis | null {
  if (boardCode && Object.hasOwn(BOARDS, boardCode)) return BOARDS[boardCode]!
  return BOARD_NAMES.find(([name]) => name.test(boardName ?? ''))?.[1] ?? null
}

const CHARGES: Readonly<Record<string, Pick<StayCharge, 'kind' | 'name'>>> = {
  TAX: { kind: 'tax', name: 'Tax' },
  FEE: { kind: 'fee', name: 'Fee' },
  TAXESANDFEES: { kind: 'tax', name: 'Taxes and fees' },
}

/** What is not included in the price is taken by the property, in its own currency. */
function toCharge({ included, amount, currency, type, subType }: WireTax, rateCurrency: string): StayCharge {
  const { kind, name } = (type && Object.hasOwn(CHARGES, type) && CHARGES[type]) || { kind: 'other', name: 'Charge' }
  return {
    kind: /city|tourist/i.test(subType ?? '') ? 'city_tax' : /resort/i.test(subType ?? '') ? 'resort_fee' : kind,
    name: subType ?? name,
    amount: findAmount(amount, currency ?? rateCurrency),
    due: included === false ? 'property' : 'booking',
  }
}

/** Comments and promotions: a promotion may be the only place that says "non-refundable". */
function toRemarks({ rateComments, promotions }: WireRate): string[] {
  const texts = [rateComments, ...(promotions ?? []).map(({ name }) => name)]
  return [...new Set(texts.map((text) => (text ?? '').replace(/\s+/g, ' ').trim()).filter((text) => text !== ''))]
}
