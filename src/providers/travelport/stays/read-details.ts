import { addMoney, isSameMoney, multiplyMoney, type Money } from '../../../kernel/money.ts'
import { daysBetween, type Instant, type LocalDate } from '../../../kernel/time.ts'
import type { RoomOccupancy, StayCharge, StayOffer, StayRoom } from '../../../travel/stay.ts'
import { attribute, child, children, childText, type XmlElement } from '../../../platform/xml.ts'
import { PROVIDER_ID } from '../exchange.ts'
import { malformed, readCount, readMoneyOrNull } from '../read-values.ts'
import { readBoard } from './read-board.ts'
import { readCancelInfo } from './read-cancel-info.ts'
import { propertyCode } from './read-search.ts'
import type { StayToken, WireRate } from './token.ts'

/** What was asked; null where a message is read by itself, which does not repeat it. */
export type AskedStay = {
  readonly checkIn: LocalDate
  readonly checkOut: LocalDate
  readonly rooms: readonly RoomOccupancy[]
  readonly now: Instant
}

const NOT_TOLD = '' as LocalDate

/** The rates of HotelDetailsRsp, and the host's word that booking one of them has to repeat. */
export type HotelDetails = { readonly offers: readonly StayOffer[]; readonly hostToken: string | null; readonly hasMore: boolean }

/** Reads HotelDetailsRsp: the rates of one property, of the chain's own system or of each aggregator. */
export function readHotelDetails(reply: XmlElement, asked: AskedStay | null): HotelDetails {
  const holders = [...children(reply, 'RequestedHotelDetails'), ...children(reply, 'AggregatorHotelDetails')]
  const offers: StayOffer[] = []
  let fault: unknown
  for (const holder of holders) {
    const property = child(holder, 'HotelProperty')
    if (!property) throw malformed('the rates are of no property')
    for (const rate of children(holder, 'HotelRateDetail')) {
      try {
        const offer = readRate(rate, { code: propertyCode(property), name: attribute(property, 'Name'), index: offers.length }, asked)
        if (offer && !offers.some((other) => other.id === offer.id)) offers.push(offer)
      } catch (error) {
        // One rate that makes no sense costs itself; when none makes sense, the message is at fault.
        fault = error
      }
    }
  }
  if (offers.length === 0 && fault !== undefined) throw fault
  const hostToken = child(reply, 'HostToken')?.text.trim() ?? null
  return { offers, hostToken, hasMore: child(reply, 'NextResultReference') !== undefined }
}

type Place = { readonly code: string; readonly name: string | undefined; readonly index: number }

/** A rate as an offer for the rooms that were asked for; undefined when it is not for them. */
function readRate(rate: XmlElement, { code, name, index }: Place, asked: AskedStay | null): StayOffer | undefined {
  const wire = readWireRate(rate)
  const each = readMoneyOrNull(attribute(rate, 'Total')) ?? readMoneyOrNull(attribute(rate, 'ApproximateTotal'))
  if (!each) throw malformed(`the rate ${wire.ratePlanType} has no total`)
  const taken = takeRooms(rate, asked)
  if (!taken) return undefined
  const { quantity, rooms } = taken
  const total = multiplyMoney(each, quantity)
  const nights = asked ? daysBetween(asked.checkIn, asked.checkOut) : null
  const info = child(rate, 'CancelInfo')
  return {
    id: `${code}.${wire.rateOfferId ?? `${wire.ratePlanType}.${index}`}`,
    provider: PROVIDER_ID,
    property: code,
    propertyName: name ?? code,
    checkIn: asked?.checkIn ?? NOT_TOLD,
    checkOut: asked?.checkOut ?? NOT_TOLD,
    rooms,
    board: readBoard(rate),
    boardText: describe(rate, /meal|board|breakfast/i)[0] ?? null,
    ratePlan: { code: wire.ratePlanType, name: wire.rateSupplier },
    total,
    charges: readCharges(rate, quantity),
    payAt: PAYMENTS[attribute(child(rate, 'GuaranteeInfo'), 'GuaranteeType') ?? ''] ?? null,
    ...readCancelInfo(info, { total, quantity, nights, now: asked?.now ?? null }),
    roomsLeft:
      quantity > 1 || attribute(child(rate, 'RoomCapacity'), 'IsPackage') === 'true'
        ? null
        : readCount(attribute(rate, 'BookableQuantity')),
    // A package of theirs is several rooms at one price, not a stay with a flight.
    isPackageOnly: false,
    remarks: [childText(info, 'CancellationPolicy'), ...children(info, 'Text').map((one) => one.text)]
      .map((text) => plainText(text ?? ''))
      .filter((text) => text !== ''),
    expiresAt: null,
    supplierToken: JSON.stringify({ v: 1, rate: wire, quantity } satisfies StayToken),
  }
}

const PAYMENTS: Readonly<Record<string, StayOffer['payAt']>> = { Prepayment: 'booking', Deposit: 'booking', Guarantee: 'property' }

function readWireRate(rate: XmlElement): WireRate {
  const value = (name: string): string | null => attribute(rate, name) ?? null
  return {
    ratePlanType: value('RatePlanType') ?? '',
    rateSupplier: value('RateSupplier'),
    rateOfferId: value('RateOfferId'),
    base: value('Base'),
    tax: value('Tax'),
    total: value('Total'),
    surcharge: value('Surcharge'),
  }
}

/**
 * The rooms that a rate is taken for. A package is all rooms at one price; any other rate is one room, taken as often as
 * rooms are asked for where so many are left and everybody fits.
 */
function takeRooms(rate: XmlElement, asked: AskedStay | null): { quantity: number; rooms: readonly StayRoom[] } | undefined {
  const capacity = child(rate, 'RoomCapacity')
  const beds = children(capacity, 'Capacity').map((one) => readCount(one.text.trim()))
  const [name = attribute(rate, 'RatePlanType') ?? 'Room'] = describe(rate, /room|description/i)
  const toRoom = (occupancy: RoomOccupancy): StayRoom => ({ name, code: attribute(rate, 'RatePlanType') ?? null, occupancy })
  if (!asked) return { quantity: 1, rooms: beds.map((count) => toRoom({ adults: count ?? 1, childAges: [] })) }
  const rooms = asked.rooms.map(toRoom)
  const isPackage = attribute(capacity, 'IsPackage') === 'true'
  if (isPackage) return beds.length === rooms.length ? { quantity: 1, rooms } : undefined
  const guestsMost = Math.max(...asked.rooms.map((room) => room.adults + room.childAges.length))
  const [sleeps] = beds
  if (sleeps !== undefined && sleeps !== null && sleeps < guestsMost) return undefined
  const left = readCount(attribute(rate, 'BookableQuantity'))
  if (rooms.length > 1 && (left === null || left < rooms.length)) return undefined
  return { quantity: rooms.length, rooms }
}

/** Taxes and surcharges that are part of the price; a surcharge that is not in it is taken by the property. */
function readCharges(rate: XmlElement, quantity: number): readonly StayCharge[] {
  const amount = (name: string): Money | null => readMoneyOrNull(attribute(rate, name))
  const [base, tax, surcharge, total] = ['Base', 'Tax', 'Surcharge', 'Total'].map(amount)
  const charges: StayCharge[] = []
  if (tax && tax.amount > 0) charges.push({ kind: 'tax', name: 'Taxes', amount: multiplyMoney(tax, quantity), due: 'booking' })
  if (surcharge && surcharge.amount > 0) {
    const sum = [base, tax, surcharge].every((one) => one && one.currency === surcharge.currency)
      ? addMoney(addMoney(base!, tax!), surcharge)
      : null
    const due = sum && total && isSameMoney(sum, total) ? 'booking' : 'property'
    charges.push({ kind: 'fee', name: 'Surcharge', amount: multiplyMoney(surcharge, quantity), due })
  }
  return charges
}

/** The texts of the descriptions whose name is like this. */
function describe(rate: XmlElement, name: RegExp): readonly string[] {
  return children(rate, 'RoomRateDescription')
    .filter((one) => name.test(attribute(one, 'Name') ?? ''))
    .flatMap((one) => children(one, 'Text').map((text) => plainText(text.text)))
    .filter((text) => text !== '')
}

/** Aggregators write paragraphs into their texts. */
function plainText(text: string): string {
  return text
    .replace(/<[^>]{1,40}>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
