import type { RoomOccupancy, StayOffer, StayQuery } from '../../travel/stay.ts'
import { writeXml } from '../../platform/xml.ts'
import { PAGE_MAX, type OpenTravelOn } from './config.ts'
import { malformed } from './read-values.ts'
import { AGE_CODES, NAMESPACES, type OfferToken, type RateKey } from './wire.ts'

/** Everything a request is written with, without the credentials that only the transport needs. */
export type Writing = Pick<OpenTravelOn, 'requestorId' | 'chainCode' | 'currency'>

/** OTA_HotelAvailRQ: all rates of some hotels, a candidate for each room. */
export function writeAvail(writing: Writing, query: StayQuery): string {
  const candidates = query.rooms.map((room, index) => writeCandidate(room, index, null))
  return writeAvailFor(writing, query, { exact: false, chain: writing.chainCode, properties: query.properties, plans: '', candidates })
}

/** OTA_HotelAvailRQ for the very rates of an offer. */
export function writePrice(writing: Writing, offer: StayOffer): string {
  const token = readToken(offer)
  const plans = writeXml(
    'RatePlanCandidates',
    {},
    ...token.rooms.map((key, index) =>
      writeXml('RatePlanCandidate', { RatePlanCode: key.ratePlanCode, RatePlanID: key.ratePlanId, RPH: index + 1 }),
    ),
  )
  const query = queryOf(writing, offer)
  return writeAvailFor(writing, query, {
    exact: true,
    chain: token.chain ?? writing.chainCode,
    properties: [offer.property],
    plans,
    candidates: offer.rooms.map((room, index) => writeCandidate(room.occupancy, index, token.rooms[index] ?? null)),
  })
}

/** The question that an offer answers. */
export function queryOf(writing: Writing, offer: StayOffer): StayQuery {
  return {
    properties: [offer.property],
    checkIn: offer.checkIn,
    checkOut: offer.checkOut,
    rooms: offer.rooms.map((room) => room.occupancy),
    guestCountry: '',
    currency: writing.currency ?? offer.total.currency,
  }
}

/** OTA_HotelSearchRQ: a page of all hotels, from the beginning or from where an earlier page ended. */
export function writeSearch(writing: Writing, cursor: string | null): string {
  return envelope(
    writeXml(
      'OTA_HotelSearchRQ',
      { ...root, MaxResponses: PAGE_MAX, MoreDataEchoToken: cursor },
      pointOfSale(writing, null),
      writeXml('Criteria', {}, writeXml('Criterion', {}, writeXml('HotelRef', { ChainCode: writing.chainCode }))),
    ),
  )
}

/** OTA_HotelDescriptiveInfoRQ: all that is told about some hotels. */
export function writeDescriptiveInfo(
  writing: Writing,
  hotels: readonly { readonly code: string; readonly chain: string | null }[],
): string {
  const infos = hotels.map(({ code, chain }) =>
    writeXml(
      'HotelDescriptiveInfo',
      { ChainCode: chain ?? writing.chainCode, HotelCode: code },
      writeXml('HotelInfo', { SendData: true }),
      writeXml('FacilityInfo', { SendGuestRooms: false }),
      writeXml('Policies', { SendPolicies: true }),
      writeXml('MultimediaObjects', { SendData: true }),
    ),
  )
  return envelope(writeXml('OTA_HotelDescriptiveInfoRQ', root, pointOfSale(writing, null), writeXml('HotelDescriptiveInfos', {}, ...infos)))
}

/** The rates that an offer was made of. Throws ProviderError('malformed') for another adapter's token. */
export function readToken({ supplierToken }: Pick<StayOffer, 'supplierToken'>): OfferToken {
  try {
    const token = JSON.parse(supplierToken) as OfferToken
    if (token.v === 1 && Array.isArray(token.rooms)) return token
  } catch (error) {
    throw malformed('the offer has a token that is not ours', error)
  }
  throw malformed('the offer has a token of another version')
}

const root = { xmlns: NAMESPACES.ota, Version: '6.001', PrimaryLangID: 'en' } as const

type Wanted = {
  readonly exact: boolean
  readonly chain: string | null
  readonly properties: readonly string[]
  readonly plans: string
  readonly candidates: readonly string[]
}

function writeAvailFor(writing: Writing, query: StayQuery, { exact, chain, properties, plans, candidates }: Wanted): string {
  const criteria = properties.map((code) =>
    writeXml('Criterion', { ExactMatch: exact ? true : null }, writeXml('HotelRef', { ChainCode: chain, HotelCode: code })),
  )
  return envelope(
    writeXml(
      'OTA_HotelAvailRQ',
      { ...root, RequestedCurrency: query.currency || writing.currency, ExactMatchOnly: exact, SummaryOnly: false, OnRequestInd: false },
      pointOfSale(writing, query),
      writeXml(
        'AvailRequestSegments',
        {},
        writeXml(
          'AvailRequestSegment',
          {},
          writeXml('HotelSearchCriteria', {}, ...criteria),
          writeXml('StayDateRange', { Start: query.checkIn, End: query.checkOut }),
          plans,
          writeXml('RoomStayCandidates', {}, ...candidates),
        ),
      ),
    ),
  )
}

/** A room that is asked for. Each child is counted by itself, because prices go by age. */
function writeCandidate(room: RoomOccupancy, index: number, key: RateKey | null): string {
  return writeXml(
    'RoomStayCandidate',
    {
      Quantity: 1,
      RPH: index + 1,
      RoomTypeCode: key?.roomTypeCode,
      RoomID: key?.roomId,
      BookingCode: key?.bookingCode,
      RatePlanCandidateRPH: key ? index + 1 : null,
    },
    writeXml('GuestCounts', { IsPerRoom: true }, ...guestCounts(room).map((counts) => writeXml('GuestCount', counts))),
  )
}

/** The guests of a room as attributes of GuestCount: adults together, children by their age. */
export function guestCounts({ adults, childAges }: RoomOccupancy): readonly Record<string, string>[] {
  const ages = [...new Set(childAges)].toSorted((a, b) => a - b)
  const children = ages.map((age) => ({
    AgeQualifyingCode: AGE_CODES.child,
    Age: String(age),
    Count: String(childAges.filter((one) => one === age).length),
  }))
  return [{ AgeQualifyingCode: AGE_CODES.adult, Count: String(adults) }, ...children].filter(({ Count }) => Count !== '0')
}

function pointOfSale(writing: Writing, query: StayQuery | null): string {
  return writeXml(
    'POS',
    {},
    writeXml(
      'Source',
      { ISOCurrency: query?.currency || writing.currency, ISOCountry: query?.guestCountry || null },
      writing.requestorId === null ? '' : writeXml('RequestorID', { Type: '5', ID: writing.requestorId }),
    ),
  )
}

function envelope(message: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>${writeXml('soap:Envelope', { 'xmlns:soap': NAMESPACES.soap }, writeXml('soap:Body', {}, message))}`
}
