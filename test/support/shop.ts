import { readShopReply, type Call, type FlightSupplier, type ShopReply } from '../../src/providers/contract.ts'
import type { FlightQuery } from '../../src/travel/flight.ts'

/** What a supplier offers, read in the test's own thread. */
export async function shop(flights: FlightSupplier, query: FlightQuery, call: Call): Promise<ShopReply> {
  return readShopReply({ id: 'the supplier', flights }, query, await flights.shop(query, call))
}
