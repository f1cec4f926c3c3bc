import type { CabinClass, FlightOffer, FlightQuery } from '../../travel/flight.ts'
import type { PassengerCounts, PassengerType } from '../../travel/passenger.ts'
import type { SabreSettings } from './config.ts'
import type { OfferToken } from './wire.ts'

/** Sabre's passenger types as we ask for them. */
export const PASSENGER_CODES: Readonly<Record<PassengerType, string>> = { adult: 'ADT', child: 'CNN', infant: 'INF' }

const CABINS: Readonly<Record<CabinClass, string>> = { economy: 'Y', premium_economy: 'S', business: 'C', first: 'F' }

/**
 * A search of Bargain Finder Max: published (ATPCO) content only, because NDC and low-cost content is booked by other
 * messages than ours; several brands per itinerary, what bags are included, and no cabin below the one asked for.
 * https://developer.sabre.com/docs/rest_apis/air/search/bargain_finder_max
 */
export function toShopRequest(query: FlightQuery, settings: SabreSettings): object {
  return {
    OTA_AirLowFareSearchRQ: {
      Version: '5',
      AvailableFlightsOnly: true,
      POS: pointOfSale(settings),
      OriginDestinationInformation: query.slices.map((slice, index) => ({
        RPH: String(index + 1),
        DepartureDateTime: `${slice.departureDate}T00:00:00`,
        OriginLocation: { LocationCode: slice.origin },
        DestinationLocation: { LocationCode: slice.destination },
        Fixed: false,
      })),
      TravelPreferences: {
        ETicketDesired: true,
        ValidInterlineTicket: true,
        CabinPref: [{ Cabin: CABINS[query.cabin], PreferLevel: 'Preferred' }],
        Baggage: { RequestType: 'A', Description: true, CarryOnInfo: true },
        TPA_Extensions: { ...ATPCO_ONLY, JumpCabinLogic: { Disabled: true } },
      },
      TravelerInfoSummary: {
        AirTravelerAvail: [{ PassengerTypeQuantity: passengerQuantities(query.passengers) }],
        PriceRequestInformation: {
          ...(settings.currency && { CurrencyCode: settings.currency }),
          TPA_Extensions: { BrandedFareIndicators: { MultipleBrandedFares: true, ReturnBrandAncillaries: false } },
        },
      },
      TPA_Extensions: REQUEST_TYPE,
    },
  }
}

const ATPCO_ONLY = { DataSources: { NDC: 'Disable', ATPCO: 'Enable', LCC: 'Disable' } }

/** Without it Sabre does not know which version of the reply is wanted. */
const REQUEST_TYPE = { IntelliSellTransaction: { RequestType: { Name: '200ITINS' } } }

/**
 * Prices the flights of an offer in their classes anew: same brands, in the offer's own currency. The flights have to be
 * named to the minute.
 * https://developer.sabre.com/docs/rest_apis/air/search/revalidate_itinerary
 */
export function toRevalidateRequest(offer: FlightOffer, token: OfferToken, settings: SabreSettings): object {
  let at = 0
  return {
    OTA_AirLowFareSearchRQ: {
      Version: '4',
      AvailableFlightsOnly: true,
      POS: pointOfSale(settings),
      OriginDestinationInformation: offer.slices.map((slice, index) => ({
        RPH: String(index + 1),
        DepartureDateTime: `${slice.segments[0]!.departure.local}:00`,
        OriginLocation: { LocationCode: slice.origin },
        DestinationLocation: { LocationCode: slice.destination },
        Fixed: false,
        TPA_Extensions: {
          Flight: slice.segments.map((segment) => {
            at += 1
            return {
              Number: Number.parseInt(segment.flightNumber, 10),
              DepartureDateTime: `${segment.departure.local}:00`,
              ArrivalDateTime: `${segment.arrival.local}:00`,
              Type: 'A',
              ClassOfService: segment.bookingClass,
              OriginLocation: { LocationCode: segment.origin },
              DestinationLocation: { LocationCode: segment.destination },
              Airline: { Marketing: segment.carrier, ...(segment.operatingCarrier && { Operating: segment.operatingCarrier }) },
            }
          }),
          ...brandFilter(token, at - slice.segments.length, at),
        },
      })),
      TravelPreferences: {
        Baggage: { RequestType: 'A', Description: true, CarryOnInfo: true },
        TPA_Extensions: { ...ATPCO_ONLY, VerificationItinCallLogic: { Value: 'B', AlwaysCheckAvailability: true } },
      },
      TravelerInfoSummary: {
        SeatsRequested: [seatsOf(token)],
        AirTravelerAvail: [{ PassengerTypeQuantity: token.passengers.map(({ code, count }) => ({ Code: code, Quantity: count })) }],
        PriceRequestInformation: {
          CurrencyCode: offer.total.currency,
          TPA_Extensions: { BrandedFareIndicators: { SingleBrandedFare: true, ReturnBrandAncillaries: false } },
        },
      },
      TPA_Extensions: REQUEST_TYPE,
    },
  }
}

/** The brands of one slice; nothing where a flight of it is unbranded. */
function brandFilter(token: OfferToken, from: number, to: number): object {
  const codes = token.brands.slice(from, to)
  if (codes.length === 0 || codes.includes(null)) return {}
  return { BrandFilters: { Brand: [...new Set(codes)].map((code) => ({ Code: code, PreferLevel: 'Preferred' })) } }
}

function seatsOf(token: OfferToken): number {
  return token.passengers.reduce((seats, { code, count }) => seats + (code === PASSENGER_CODES.infant ? 0 : count), 0)
}

function passengerQuantities({ adults, children, infants }: PassengerCounts): object[] {
  const types = [
    ['adult', adults],
    ['child', children],
    ['infant', infants],
  ] as const
  return types.filter(([, count]) => count > 0).map(([type, count]) => ({ Code: PASSENGER_CODES[type], Quantity: count }))
}

/** The ids are of the form's and mean nothing; "TN" is every agency of Sabre's. */
function pointOfSale(settings: SabreSettings): object {
  return {
    Source: [{ PseudoCityCode: settings.pcc, RequestorID: { Type: '1', ID: '1', CompanyName: { Code: 'TN' } }, FixedPCC: false }],
  }
}
