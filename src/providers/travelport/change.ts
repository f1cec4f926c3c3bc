import pLimit from 'p-limit'
import type { Segment } from '../../travel/flight.ts'
import type { Reservation } from '../../travel/reservation.ts'
import { attribute, child, children, type XmlElement } from '../../platform/xml.ts'
import type { Call, ExchangeQuote, ExchangeRequest, WriteOutcome } from '../contract.ts'
import { ProviderError } from '../errors.ts'
import { isOpen } from './cancel.ts'
import { ask, createBudget, type Budget, type Deps } from './deps.ts'
import { outcomeOfSilence, PROVIDER_ID, refused, replyOf } from './exchange.ts'
import { isNothingFound, outcomeOfFault, type SoapFault } from './faults.ts'
import { readAvailableJourneys, type AvailableJourney } from './read-availability.ts'
import { readExchangeQuotes, readExchangeToken } from './read-exchange.ts'
import { retrieveRecord, withDocuments } from './read-operations.ts'
import { readAirReservation, readLocators, readMessages, type RecordView } from './read-reservation.ts'
import { malformed } from './read-values.ts'
import { readHeldSegment } from './read-shop.ts'
import { writeAvailability, writeExchange, writeExchangeQuote } from './write-after-sales.ts'
import type { Locators } from './wire.ts'

/** Journeys that are quoted of those that are found: each costs a message to the host. */
const QUOTES_MAX = 6
/** How many of those messages are under way at a time. */
const AT_A_TIME = 3

/**
 * Ways to change: flights of the day with a free seat in the class that was bought, or else in the same cabin, each
 * repriced by the host on the value of the tickets held. What cannot be changed so is left out. Throws ProviderError when
 * nothing can be, with the host's reason.
 */
export async function quoteExchange(deps: Deps, request: ExchangeRequest, call: Call): Promise<readonly ExchangeQuote[]> {
  const budget = createBudget(deps, deps.config.limits.readTimeoutMs)
  const locators = readLocators(request.reservation.supplierRef)
  const view = await withDocuments(deps, await retrieveRecord(deps, locators.record, call, budget), locators.air, call, budget)
  const tickets = view.reservation.tickets.filter(isOpen).map((ticket) => ticket.number)
  if (tickets.length === 0) throw new ProviderError(PROVIDER_ID, 'refused', 'there is no ticket to change', { code: 'no_open_ticket' })

  const journeys = await findJourneys(deps, { request, view, budget }, call)
  const limit = pLimit(AT_A_TIME)
  const ticketedOn = view.createdOn
  const answers = await Promise.all(
    journeys.map((slices) =>
      limit(async (): Promise<{ quotes: readonly ExchangeQuote[] } | { fault: SoapFault }> => {
        const envelope = writeExchangeQuote(deps.config, locators, tickets, { slices, ticketedOn })
        const reply = replyOf(await ask(deps, call, budget, { service: 'AirService', envelope, expects: 'AirExchangeQuoteRsp' }))
        return 'fault' in reply ? reply : { quotes: readExchangeQuotes(reply.body) }
      }),
    ),
  )
  const quotes = answers.flatMap((answer) => ('quotes' in answer ? answer.quotes : []))
  const refusal = answers.find((answer) => 'fault' in answer)
  if (quotes.length === 0 && refusal) throw refused(refusal.fault)
  return quotes
}

/**
 * Changes the journey as quoted. Done is only what the host shows as an air reservation without a failure beside it;
 * everything else is unknown, and retrieval shows which tickets are exchanged.
 */
export async function exchangeTickets(
  deps: Deps,
  reservation: Reservation,
  quote: ExchangeQuote,
  call: Call,
): Promise<WriteOutcome<Reservation>> {
  const locators = readLocators(reservation.supplierRef)
  const envelope = writeExchange(deps.config, locators, readExchangeToken(quote.supplierToken).content)
  const budget = createBudget(deps, deps.config.limits.writeTimeoutMs)
  const result = await ask(deps, call, budget, { service: 'AirService', envelope, expects: 'AirExchangeRsp' })
  if (result.kind === 'fault') return outcomeOfFault('exchange', result.fault)
  if (result.kind !== 'reply') return outcomeOfSilence(result)
  try {
    return outcomeOfExchange(result.body, locators)
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return { outcome: 'unknown', cause: 'malformed', message: error.message }
  }
}

/** What AirExchangeRsp proves. `locators` are those of the reservation that was changed; the message repeats only its own. */
export function outcomeOfExchange(reply: XmlElement, locators: Locators | null): WriteOutcome<Reservation> {
  const failures = children(reply, 'ExchangeFailureInfo').map(
    (failure) => `${attribute(failure, 'Code') ?? '?'}: ${attribute(failure, 'Message') ?? 'no reason given'}`,
  )
  const air = child(reply, 'AirReservation')
  if (failures.length > 0 || !air) {
    const reasons = failures.length > 0 ? failures : readMessages(reply)
    return { outcome: 'unknown', cause: 'unrecognised', message: [...new Set(reasons)].join('; ') || 'the reply holds no reservation' }
  }
  const own = attribute(air, 'LocatorCode') ?? ''
  const supplier = attribute(child(air, 'SupplierLocator'), 'SupplierLocatorCode') ?? own
  const value = readAirReservation(air, locators ?? { record: '', air: own, pnr: supplier })
  const issued = children(reply, 'TicketNumber').map((number) => number.text.trim())
  const known = new Set(value.tickets.map((ticket) => ticket.number))
  const others = issued.filter((number) => !known.has(number)).map((number) => ({ number, passengerName: null, coupons: [] }))
  return { outcome: 'ok', value: { ...value, tickets: [...value.tickets, ...others] } }
}

type Wanted = { readonly request: ExchangeRequest; readonly view: RecordView; readonly budget: Budget }

/** The new journeys to quote: every way to fly the slices that change, with those that stay. */
async function findJourneys(
  deps: Deps,
  { request, view, budget }: Wanted,
  call: Call,
): Promise<readonly (readonly { readonly segments: readonly Segment[] }[])[]> {
  const held = slicesOf(view)
  // Conjunct and earlier tickets are of the same people; one without a name is somebody.
  const names = view.reservation.tickets.map((ticket) => ticket.passengerName ?? ticket.number)
  const travellers = Math.max(1, new Set(names).size)
  let journeys: (readonly { readonly segments: readonly Segment[] }[])[] = [held]
  for (const change of request.slices) {
    const old = held[change.replaces]
    if (!old) throw malformed(`the reservation has no slice ${change.replaces}`)
    const found = await findFlights(deps, { change, bought: old.segments[0]!, budget }, call)
    const usable = found.flatMap((journey) => bookable(journey, old.segments[0]!, travellers))
    journeys = journeys
      .flatMap((journey) => usable.map((segments) => journey.map((slice, index) => (index === change.replaces ? { segments } : slice))))
      .slice(0, QUOTES_MAX)
  }
  return journeys
}

/** The slices of the reservation: the host keeps our groups. */
function slicesOf(view: RecordView): readonly { readonly segments: readonly Segment[] }[] {
  const groups = new Map<string, Segment[]>()
  for (const flight of view.flights) {
    const group = attribute(flight, 'Group') ?? '0'
    groups.set(group, [...(groups.get(group) ?? []), readHeldSegment(flight)])
  }
  if (groups.size === 0) throw malformed('the reservation has no flights')
  return [...groups.values()].map((segments) => ({ segments }))
}

async function findFlights(
  deps: Deps,
  { change, bought, budget }: { change: ExchangeRequest['slices'][number]; bought: Segment; budget: Budget },
  call: Call,
): Promise<readonly AvailableJourney[]> {
  const { origin, destination, departureDate } = change
  const envelope = writeAvailability(deps.config, { origin, destination, departureDate }, bought.cabin ?? 'economy')
  const reply = replyOf(await ask(deps, call, budget, { service: 'AirService', envelope, expects: 'AvailabilitySearchRsp' }))
  if ('body' in reply) return readAvailableJourneys(reply.body)
  if (isNothingFound(reply.fault)) return []
  throw refused(reply.fault)
}

/** The journey in classes that have a seat for everybody: the one that was bought where it is free, else the last of the cabin. */
function bookable(journey: AvailableJourney, bought: Segment, travellers: number): readonly (readonly Segment[])[] {
  const segments = journey.flatMap(({ segment, classes }): Segment[] => {
    const free = classes.filter((one) => one.seats !== null && one.seats >= Math.min(9, travellers))
    const same = free.find((one) => one.bookingClass === bought.bookingClass)
    const chosen = same ?? free.findLast((one) => one.cabin === bought.cabin)
    return chosen ? [{ ...segment, cabin: chosen.cabin, bookingClass: chosen.bookingClass }] : []
  })
  return segments.length === journey.length ? [segments] : []
}
