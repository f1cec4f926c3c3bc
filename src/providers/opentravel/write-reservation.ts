import { formatAmount } from '../../kernel/money.ts'
import type { Guest, StayOffer } from '../../travel/stay.ts'
import type { SoapElement } from '../../platform/soap.ts'
import type { StayOrder } from '../contract.ts'
import type { OpenTravelOn } from './config.ts'
import { guestCounts, readToken, type Writing } from './to-wire.ts'
import { AGE_CODES, ID_TYPES, REFERENCE_CONTEXT, type RateKey } from './wire.ts'

const VERSION = '6.001'

/**
 * OTA_HotelResRQ that commits at once: our reference, a stay for each room at its rate, the guests, and the total that was
 * agreed, so that the seller can refuse another. Nobody's card is in it: a prepaid rate goes on our account.
 */
export function writeBooking(writing: Writing & Pick<OpenTravelOn, 'username'>, order: StayOrder): SoapElement {
  const { offer, reference } = order
  const token = readToken(offer)
  return {
    attributes: { Version: VERSION, ResStatus: 'Commit', EchoToken: reference, PrimaryLangID: 'en' },
    POS: pointOfSale(writing),
    HotelReservations: {
      HotelReservation: {
        attributes: { ResStatus: 'Commit' },
        UniqueID: { attributes: { Type: ID_TYPES.reservation, ID: reference, ID_Context: REFERENCE_CONTEXT } },
        RoomStays: {
          RoomStay: offer.rooms.map((_, index) => roomStay(writing, order, index, token.rooms[index]!, token.chain ?? writing.chainCode)),
        },
        ResGuests: { ResGuest: order.guests.map((guest, index) => resGuest(guest, index, order)) },
        ResGlobalInfo: {
          TimeSpan: timeSpan(offer),
          Total: { attributes: { AmountAfterTax: formatAmount(offer.total), CurrencyCode: offer.total.currency } },
        },
      },
    },
  }
}

/** OTA_ReadRQ for the seller's own number. */
export function writeRetrieve(writing: Writing, id: string): SoapElement {
  return readRequest(writing, { Type: ID_TYPES.reservation, ID: id })
}

/** OTA_ReadRQ for our reference. */
export function writeFind(writing: Writing, reference: string): SoapElement {
  return readRequest(writing, { Type: ID_TYPES.reservation, ID: reference, ID_Context: REFERENCE_CONTEXT })
}

/** OTA_CancelRQ that cancels at once. */
export function writeCancel(writing: Writing, id: string): SoapElement {
  return {
    attributes: { Version: VERSION, CancelType: 'Commit', EchoToken: id, PrimaryLangID: 'en' },
    POS: pointOfSale(writing),
    UniqueID: { attributes: { Type: ID_TYPES.reservation, ID: id } },
  }
}

function readRequest(writing: Writing, uniqueId: Readonly<Record<string, string>>): SoapElement {
  return {
    attributes: { Version: VERSION, EchoToken: uniqueId['ID'], PrimaryLangID: 'en' },
    POS: pointOfSale(writing),
    ReadRequests: { ReadRequest: { UniqueID: { attributes: uniqueId } } },
  }
}

function pointOfSale(writing: Writing): SoapElement {
  const requestor = writing.requestorId === null ? {} : { RequestorID: { attributes: { Type: '5', ID: writing.requestorId } } }
  return { Source: { attributes: { ISOCurrency: writing.currency ?? undefined }, ...requestor } }
}

function roomStay(
  writing: Writing & Pick<OpenTravelOn, 'username'>,
  { offer, guests }: StayOrder,
  index: number,
  key: RateKey,
  chain: string | null,
): SoapElement {
  const codes = { RatePlanCode: key.ratePlanCode ?? undefined, RatePlanID: key.ratePlanId ?? undefined }
  const room = { RoomTypeCode: key.roomTypeCode ?? undefined, RoomID: key.roomId ?? undefined }
  const sleeping = guests.flatMap((guest, at) => (guest.room === index ? [{ attributes: { RPH: String(at + 1) } }] : []))
  return {
    attributes: { IndexNumber: String(index + 1) },
    RoomTypes: { RoomType: { attributes: { ...room, NumberOfUnits: '1' } } },
    RatePlans: { RatePlan: { attributes: codes, ...guarantee(writing, offer) } },
    RoomRates: { RoomRate: { attributes: { ...room, ...codes, BookingCode: key.bookingCode ?? undefined, NumberOfUnits: '1' } } },
    GuestCounts: {
      attributes: { IsPerRoom: 'true' },
      GuestCount: guestCounts(offer.rooms[index]!.occupancy).map((attributes) => ({ attributes })),
    },
    TimeSpan: timeSpan(offer),
    BasicPropertyInfo: { attributes: { ChainCode: chain ?? undefined, HotelCode: offer.property } },
    ...(sleeping.length === 0 ? {} : { ResGuestRPHs: { ResGuestRPH: sleeping } }),
  }
}

function timeSpan({ checkIn, checkOut }: StayOffer): SoapElement {
  return { attributes: { Start: checkIn, End: checkOut } }
}

function guarantee(writing: Writing & Pick<OpenTravelOn, 'username'>, { payAt }: StayOffer): { readonly Guarantee?: SoapElement } {
  if (payAt === null) return {}
  if (payAt === 'property') return { Guarantee: { attributes: { GuaranteeType: 'None' } } }
  const account = { attributes: { DirectBill_ID: writing.requestorId ?? writing.username } }
  return { Guarantee: { attributes: { GuaranteeType: 'PrePay' }, GuaranteesAccepted: { GuaranteeAccepted: { DirectBill: account } } } }
}

const PREFIXES = { mr: 'Mr', ms: 'Ms', mrs: 'Mrs', miss: 'Miss', dr: 'Dr' } as const

function resGuest(guest: Guest, index: number, { contact }: StayOrder): SoapElement {
  const age = guest.age === null ? { AgeQualifyingCode: AGE_CODES.adult } : { AgeQualifyingCode: AGE_CODES.child, Age: String(guest.age) }
  const reached = guest.isLead ? { Telephone: { attributes: { PhoneNumber: contact.phone } }, Email: contact.email } : {}
  return {
    attributes: { ResGuestRPH: String(index + 1), PrimaryIndicator: guest.isLead ? 'true' : undefined, ...age },
    Profiles: {
      ProfileInfo: {
        Profile: {
          attributes: { ProfileType: '1' },
          Customer: {
            PersonName: {
              ...(guest.title === null ? {} : { NamePrefix: PREFIXES[guest.title] }),
              GivenName: guest.givenName,
              Surname: guest.familyName,
            },
            ...reached,
          },
        },
      },
    },
  }
}
