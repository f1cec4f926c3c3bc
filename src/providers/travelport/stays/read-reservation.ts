import { subtractMoney, type Money } from '../../../kernel/money.ts'
import { daysBetween, isLocalDate, type Instant } from '../../../kernel/time.ts'
import type { Reservation } from '../../../travel/reservation.ts'
import type { CancellationStep } from '../../../travel/stay.ts'
import { attribute, child, children, childText, type XmlElement } from '../../../platform/xml.ts'
import { writeLocators } from '../read-reservation.ts'
import { readMoneyOrNull, required, sumKnown } from '../read-values.ts'
import { toHold, type Locators } from '../wire.ts'
import { penaltyAt, readCancelInfo } from './read-cancel-info.ts'

/** A universal record with its stay. */
export type StayRecord = {
  readonly reservation: Reservation
  readonly locators: Locators
  readonly version: string
  readonly remarks: readonly string[]
  readonly cancellation: readonly CancellationStep[] | null
}

/** Reads the UniversalRecord in a reply; undefined when the reply holds none. What a guest shows is the hotel's confirmation number. */
export function readStayRecord(reply: XmlElement): StayRecord | undefined {
  const record = child(reply, 'UniversalRecord')
  if (!record) return undefined
  const stay = children(record, 'HotelReservation')[0]
  const provider = child(record, 'ProviderReservationInfo')
  const locators: Locators = {
    record: required(record, 'LocatorCode'),
    air: attribute(stay, 'LocatorCode') ?? '',
    pnr: attribute(provider, 'LocatorCode') ?? required(record, 'LocatorCode'),
  }
  const total = readTotal(stay)
  return {
    locators,
    version: attribute(record, 'Version') ?? '0',
    remarks: [...children(record, 'GeneralRemark'), ...children(stay, 'GeneralRemark')].map(
      (remark) => childText(remark, 'RemarkData') ?? '',
    ),
    cancellation: total ? readTerms(stay, total) : null,
    reservation: {
      pnr: attribute(stay, 'BookingConfirmation') ?? locators.pnr,
      supplierRef: writeLocators(locators),
      status: readStatus(attribute(record, 'Status'), stay),
      segments: [],
      total,
      tickets: [],
      ticketBy: null,
    },
  }
}

/** What comes back to whoever cancels at this moment; null when the terms do not say. */
export function refundAt({ reservation, cancellation }: StayRecord, at: Instant): Money | null {
  const penalty = penaltyAt(cancellation, at)
  const { total } = reservation
  return penalty && total && penalty.currency === total.currency ? subtractMoney(total, penalty) : null
}

/** A reservation is the guest's only when both the host and the aggregator say so. */
function readStatus(record: string | undefined, stay: XmlElement | undefined): Reservation['status'] {
  const status = attribute(stay, 'Status')
  const aggregator = attribute(stay, 'AggregatorBookingStatus') ?? ''
  if ((record !== undefined && /cancel/i.test(record)) || toHold(status) === 'cancelled' || /cancel/i.test(aggregator)) return 'cancelled'
  if (record !== 'Active' || !stay) return 'unknown'
  return toHold(status) === 'confirmed' && !/pend|request|fail|reject/i.test(aggregator) ? 'active' : 'unknown'
}

/** The price of everything that is booked: as one amount, or as that of each room. */
function readTotal(stay: XmlElement | undefined): Money | null {
  const whole = readMoneyOrNull(attribute(child(stay, 'TotalReservationPrice'), 'TotalPrice'))
  if (whole) return whole
  const rates = children(stay, 'HotelRateDetail').map((rate) => readMoneyOrNull(attribute(rate, 'Total')))
  return sumKnown(rates, rates[0]?.currency ?? '')
}

function readTerms(stay: XmlElement | undefined, total: Money): readonly CancellationStep[] | null {
  const rates = children(stay, 'HotelRateDetail')
  const own = child(stay, 'CancelInfo')
  const dates = ['CheckinDate', 'CheckoutDate'].map((name) => childText(child(stay, 'HotelStay'), name) ?? '')
  const [checkIn, checkOut] = dates
  const nights = isLocalDate(checkIn!) && isLocalDate(checkOut!) ? daysBetween(checkIn, checkOut) : null
  const quantity = Math.max(1, own ? 1 : rates.length)
  return readCancelInfo(own ?? child(rates[0], 'CancelInfo'), { total, quantity, nights, now: null }).cancellation
}
