import type { LocalDate } from '../../../kernel/time.ts'
import { escapeXml, writeXml } from '../../../platform/xml.ts'
import type { RoomOccupancy } from '../../../travel/stay.ts'
import type { StayOrder } from '../../contract.ts'
import type { TravelportHotels } from '../config.ts'
import { toHostName } from '../../host-text.ts'
import { envelope, FIND_PAGE, namespaces, pccOf, pointOfSale, type Writing } from '../to-wire.ts'
import { REFERENCE_REMARK } from '../wire.ts'
import type { StayToken, WireRate } from './token.ts'

/** What a request about hotels is written with. */
export type HotelWriting = Writing & { readonly hotels: TravelportHotels }

/** Dates and who sleeps in each room. */
export type Stay = { readonly checkIn: LocalDate; readonly checkOut: LocalDate; readonly rooms: readonly RoomOccupancy[] }

/** HotelSearchAvailabilityReq for these properties, by their codes: those with a room. `from` is the page's reference. */
export function writeAvailableHotels(
  writing: HotelWriting,
  codes: readonly string[],
  stay: Stay & { readonly currency: string },
  from: string | null,
): string {
  const { providerCode } = writing.hotels
  const places = codes.map((code) =>
    writeXml('common:VendorLocation', { ProviderCode: providerCode, VendorCode: code.slice(0, 2), VendorLocationID: code.slice(2) }),
  )
  return search(writing, {
    from,
    location: places.join(''),
    modifiers: { AvailableHotelsOnly: true, PreferredCurrency: stay.currency, MaxProperties: codes.length },
    stay,
  })
}

/** HotelSearchAvailabilityReq for all hotels of a city, with descriptions, whether they have a room or not. */
export function writeHotelsOfCity(writing: HotelWriting, city: string, stay: Stay, from: string | null): string {
  return search(writing, {
    from,
    location: writeXml('hotel:HotelLocation', { Location: city, LocationType: 'City' }),
    modifiers: { AvailableHotelsOnly: false, ReturnPropertyDescription: true, ReturnAmenities: true },
    stay,
  })
}

/** HotelDetailsReq: all rates of a property with their rules. */
export function writeHotelDetails(writing: HotelWriting, code: string, stay: Stay & { readonly currency: string }): string {
  return envelope(
    writeXml(
      'hotel:HotelDetailsReq',
      { ...namespaces('hotel'), TargetBranch: writing.targetBranch, AuthorizedBy: 'user', ReturnMediaLinks: false },
      pointOfSale(),
      pccOf(writing),
      writeXml('hotel:HotelProperty', propertyOf(code)),
      writeXml(
        'hotel:HotelDetailsModifiers',
        { RateRuleDetail: 'Complete', PreferredCurrency: stay.currency },
        permittedProvider(writing),
        stayDates(stay),
        writeXml('hotel:BookingGuestInformation', {}, ...stay.rooms.map((room) => writeRoom(room, [], []))),
      ),
    ),
  )
}

/**
 * HotelCreateReservationReq for a rate that has just been told with `hostToken`. MandatoryRateMatch makes a host that knows
 * it keep nothing when the rate has changed. Our reference goes into a remark, by which `find` recognises it.
 */
export function writeStayBooking(
  writing: HotelWriting,
  order: StayOrder,
  { token, hostToken }: { readonly token: StayToken; readonly hostToken: string | null },
): string {
  const { offer, guests } = order
  const { providerCode, iataNumber } = writing.hotels
  return envelope(
    writeXml(
      'universal:HotelCreateReservationReq',
      {
        ...namespaces('universal'),
        'xmlns:hotel': namespaces('hotel')['xmlns:hotel'],
        TargetBranch: writing.targetBranch,
        AuthorizedBy: 'user',
        TraceId: order.reference,
        ProviderCode: providerCode,
        UserAcceptance: true,
        MandatoryRateMatch: true,
      },
      pointOfSale(),
      pccOf(writing),
      ...guests.map((_, index) => writeGuest(order, index)),
      writeXml(
        'common:GeneralRemark',
        { ProviderCode: providerCode },
        writeXml('common:RemarkData', {}, escapeXml(`${REFERENCE_REMARK} ${order.reference}`)),
      ),
      ...Array.from({ length: token.quantity }, () => writeRate(token.rate)),
      writeXml('hotel:HotelProperty', { ...propertyOf(offer.property), Name: offer.propertyName }),
      stayDates(offer),
      iataNumber === null
        ? ''
        : writeXml(
            'common:Guarantee',
            { Type: offer.payAt === 'booking' ? 'Deposit' : 'Guarantee' },
            writeXml('common:OtherGuaranteeInfo', { Type: 'IATA/ARC Number' }, iataNumber),
          ),
      hostToken === null ? '' : writeXml('common:HostToken', { Host: providerCode }, escapeXml(hostToken)),
      writeXml('hotel:BookingGuestInformation', {}, ...offer.rooms.map(({ occupancy }, room) => writeGuestRoom(order, occupancy, room))),
    ),
  )
}

/** UniversalRecordSearchReq: records of any status with this guest in this property from this day on. */
export function writeFindStay(writing: HotelWriting, order: StayOrder, startFrom: number): string {
  const who = order.guests.find((guest) => guest.isLead) ?? order.guests[0]
  const { HotelChain, HotelCode } = propertyOf(order.offer.property)
  return envelope(
    writeXml(
      'universal:UniversalRecordSearchReq',
      {
        ...namespaces('universal'),
        TargetBranch: writing.targetBranch,
        AuthorizedBy: 'user',
        RecordStatus: 'All',
        ProviderCode: writing.hotels.providerCode,
      },
      pointOfSale(),
      pccOf(writing),
      writeXml('universal:UniversalRecordSearchModifiers', { MaxResults: FIND_PAGE, StartFromResult: startFrom }),
      writeXml(
        'universal:TravelerCriteria',
        {},
        writeXml('universal:NameCriteria', {
          FirstName: toHostName(who?.givenName ?? '').slice(0, 30),
          LastName: toHostName(who?.familyName ?? '').slice(0, 30),
        }),
      ),
      writeXml(
        'universal:HotelReservationCriteria',
        { HotelChainCode: HotelChain, HotelCode },
        writeXml('universal:CheckInDate', {}, writeXml('universal:SpecificDate', {}, order.offer.checkIn)),
      ),
    ),
  )
}

type Search = {
  readonly from: string | null
  readonly location: string
  readonly modifiers: Readonly<Record<string, string | number | boolean>>
  readonly stay: Stay
}

function search(writing: HotelWriting, { from, location, modifiers, stay }: Search): string {
  return envelope(
    writeXml(
      'hotel:HotelSearchAvailabilityReq',
      { ...namespaces('hotel'), TargetBranch: writing.targetBranch, AuthorizedBy: 'user' },
      pointOfSale(),
      pccOf(writing),
      from === null ? '' : writeXml('common:NextResultReference', { ProviderCode: writing.hotels.providerCode }, escapeXml(from)),
      writeXml('hotel:HotelSearchLocation', {}, location),
      writeXml(
        'hotel:HotelSearchModifiers',
        modifiers,
        permittedProvider(writing),
        writeXml('hotel:BookingGuestInformation', {}, ...stay.rooms.map((room) => writeRoom(room, [], []))),
      ),
      stayDates(stay),
    ),
  )
}

function permittedProvider(writing: HotelWriting): string {
  return writeXml('common:PermittedProviders', {}, writeXml('common:Provider', { Code: writing.hotels.providerCode }))
}

/** A property's code is its chain's two letters and its own there. */
function propertyOf(code: string): { readonly HotelChain: string; readonly HotelCode: string } {
  return { HotelChain: code.slice(0, 2), HotelCode: code.slice(2) }
}

function stayDates({ checkIn, checkOut }: Pick<Stay, 'checkIn' | 'checkOut'>): string {
  return writeXml('hotel:HotelStay', {}, writeXml('hotel:CheckinDate', {}, checkIn), writeXml('hotel:CheckoutDate', {}, checkOut))
}

function writeRate(rate: WireRate): string {
  return writeXml('hotel:HotelRateDetail', {
    RatePlanType: rate.ratePlanType,
    Base: rate.base,
    Tax: rate.tax,
    Total: rate.total,
    Surcharge: rate.surcharge,
    RateSupplier: rate.rateSupplier,
    RateOfferId: rate.rateOfferId,
  })
}

function guestKey(index: number): string {
  return `G_${index}`
}

function writeGuest({ guests, contact }: StayOrder, index: number): string {
  const guest = guests[index]!
  return writeXml(
    'common:BookingTraveler',
    { Key: guestKey(index), TravelerType: guest.age === null ? 'ADT' : 'CNN', Age: guest.age },
    writeXml('common:BookingTravelerName', {
      Prefix: guest.title?.toUpperCase(),
      First: toHostName(guest.givenName),
      Last: toHostName(guest.familyName),
    }),
    index === 0 ? writeXml('common:PhoneNumber', { Type: 'Mobile', Number: contact.phone.replace(/[^+\d]/g, '') }) : '',
    index === 0 ? writeXml('common:Email', { Type: 'To', EmailID: contact.email }) : '',
  )
}

/** A room with those of its guests who are named; a child without a name has its age only. */
function writeGuestRoom({ guests }: StayOrder, occupancy: RoomOccupancy, room: number): string {
  const here = guests.map((guest, index) => ({ guest, key: guestKey(index) })).filter(({ guest }) => guest.room === room)
  const adults = here.filter(({ guest }) => guest.age === null).map(({ key }) => key)
  const young = here.filter(({ guest }) => guest.age !== null).map(({ guest, key }) => ({ age: guest.age!, key }))
  return writeRoom(occupancy, adults, young)
}

function writeRoom(
  { adults, childAges }: RoomOccupancy,
  adultKeys: readonly string[],
  young: readonly { readonly age: number; readonly key: string }[],
): string {
  const unnamed = [...young]
  const childrenOf = childAges.map((age) => {
    const at = unnamed.findIndex((one) => one.age === age)
    const [known] = at < 0 ? [] : unnamed.splice(at, 1)
    return writeXml('hotel:Child', { Age: age }, known ? writeXml('common:BookingTravelerRef', { Key: known.key }) : '')
  })
  return writeXml(
    'hotel:Room',
    {},
    writeXml('hotel:Adults', {}, String(adults)),
    ...adultKeys.map((key) => writeXml('common:BookingTravelerRef', { Key: key })),
    ...childrenOf,
  )
}
