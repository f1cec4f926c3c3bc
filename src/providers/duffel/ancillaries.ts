import type { FlightOffer } from '../../travel/flight.ts'
import type { SeatMap } from '../../travel/seat-map.ts'
import type { Call, ServiceOffer } from '../contract.ts'
import { parseToken } from './book.ts'
import { read, type Deps } from './exchange.ts'
import { readOfferDetails, readSeatMaps, type OfferDetails } from './read-change-reply.ts'

/** Seats of the flights that have a map. The maps name flights by id, which the offer itself puts in order; both are read at once. */
export async function seatMaps(deps: Deps, offer: FlightOffer, call: Call): Promise<readonly SeatMap[]> {
  const [maps, { segments }] = await Promise.all([
    read(deps, `/air/seat_maps?offer_id=${encodeURIComponent(parseToken(offer).offer)}`, call),
    readDetails(deps, offer, false, call),
  ])
  return readSeatMaps(maps, segments)
}

/** Bags and the like, as they are sold with the offer now. Seats are not among them: they are sold by the seat map. */
export async function services(deps: Deps, offer: FlightOffer, call: Call): Promise<readonly ServiceOffer[]> {
  return (await readDetails(deps, offer, true, call)).services
}

async function readDetails(deps: Deps, offer: FlightOffer, withServices: boolean, call: Call): Promise<OfferDetails> {
  const id = encodeURIComponent(parseToken(offer).offer)
  return readOfferDetails(await read(deps, `/air/offers/${id}?return_available_services=${withServices}`, call))
}
