import type { Static } from 'typebox'
import { toMoneyText } from '../kernel/money.ts'
import { toIso } from '../kernel/time.ts'
import { toOfferView } from '../travel/offer-view.ts'
import { findCarrier, type Place } from '../travel/places.ts'
import type { PlaceReply, SearchReply } from './schemas.ts'
import type { SearchAnswer } from './search-offers.ts'
import type { SourceFact } from './superset.ts'

type SearchReply = Static<typeof SearchReply>

const carrierName = (code: string) => findCarrier(code)?.name

/** An answer as it travels. */
export function toSearchReply(answer: SearchAnswer): SearchReply {
  const { query, prices, facets } = answer
  const [outbound, inbound] = query.slices
  return {
    search: {
      origin: outbound!.origin,
      destination: outbound!.destination,
      departure_date: outbound!.departureDate,
      return_date: inbound?.departureDate ?? null,
      passengers: query.passengers,
      cabin: query.cabin,
    },
    sources: answer.sources.map((source) => toSourceReply(source, source.unpriced)),
    prices: {
      checked_at: toIso(prices.checkedAt),
      age_seconds: prices.ageSeconds,
      fresh_until: toIso(prices.freshUntil),
      from_cache: prices.fromCache,
    },
    currency: answer.currency,
    total: answer.total,
    matching: answer.matching,
    facets: {
      stops: facets.stops.map(({ value, count, from }) => ({ value, count, from: from && toMoneyText(from) })),
      airlines: facets.airlines.map(({ value, count, from }) => ({
        value,
        name: carrierName(value) ?? null,
        count,
        from: from && toMoneyText(from),
      })),
      price: facets.price && { min: toMoneyText(facets.price.min), max: toMoneyText(facets.price.max) },
    },
    data: answer.offers.map(({ offer, total }) => toOfferView(offer, { total, carrierName })),
    page: { after: answer.after, has_more: answer.after !== null },
  }
}

/** What became of one supplier, as it travels. Of offers left out, those without a price are known only with the prices. */
export function toSourceReply(source: SourceFact, unpriced: number): SearchReply['sources'][number] {
  const { provider, name, state, offers, solutions, ms, fault, duplicates, unusable } = source
  return { provider, name, state, offers, solutions, ms, fault, left_out: { duplicates, unusable, unpriced } }
}

export function toPlaceReply(place: Place): Static<typeof PlaceReply>['data'][number] {
  const { code, kind, name, city, country, timeZone, airports } = place
  return { code, kind, name, city, country, time_zone: timeZone, ...(kind === 'city' ? { airports: [...airports] } : {}) }
}
