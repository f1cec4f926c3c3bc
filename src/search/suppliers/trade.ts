import type { Call, Provider, ShopReply } from '../../providers/contract.ts'
import type { FlightQuery } from '../../travel/flight.ts'
import type { SourceFact } from '../supersets/superset.ts'
import type { Shopped } from './shop-call.ts'

/** How suppliers of one kind of offer are asked what was searched. A `Question` is one shop call of one supplier. */
export type Trade<Query, Question, Reply extends object> = {
  readonly sells: (provider: Provider) => boolean
  /** What only this kind counts of a supplier, before anything is found. */
  readonly nothing: Pick<SourceFact, 'packageOnly'>
  /** What the supplier is asked for the query; nothing where it can have nothing. May be looked up; a failure is the supplier's. */
  readonly questions: (provider: Provider, query: Query) => readonly Question[] | Promise<readonly Question[]>
  readonly shop: (provider: Provider, question: Question, call: Call) => Promise<Shopped<Reply>>
}

/** Flights: every supplier is asked the query itself, in one call. */
export const FLIGHT_TRADE: Trade<FlightQuery, FlightQuery, ShopReply> = {
  sells: (provider) => provider.flights !== undefined,
  nothing: {},
  questions: (_provider, query) => [query],
  shop: (provider, query, call) => provider.flights!.shop(query, call),
}
