import type { Provider } from '../../src/providers/index.ts'

/** What a seller of flights may do beside shop, price, book, retrieve, find and cancel, in the order of the card. */
const FLIGHTS = [
  'ticket',
  'void',
  'quoteRefund',
  'refund',
  'quoteExchange',
  'exchange',
  'seatMaps',
  'fareRules',
  'services',
  'hold',
  'airlineChanges',
  'acceptAirlineChange',
] as const
const ALWAYS = ['shop', 'price', 'book', 'retrieve', 'find', 'cancel'] as const

/** The operations of a provider by what they are called in the contract. */
export function operationsOf(provider: Provider): { flights: string[]; stays: string[] } {
  const { flights, stays } = provider
  return {
    flights: flights ? [...ALWAYS, ...FLIGHTS.filter((name) => flights[name] !== undefined)] : [],
    stays: stays ? [...ALWAYS, 'content'] : [],
  }
}
