import { Eta } from 'eta'
import { fileURLToPath } from 'node:url'
import {
  baggageWords,
  cabinWords,
  clockWords,
  connectionWords,
  dateWords,
  dayOf,
  dayShift,
  dayShiftWords,
  flightWords,
  otherAllowances,
  placeWords,
  sliceTitle,
  technicalStopsWords,
  type FlightNames,
  type TypeAllowance,
} from '../travel/flight-words.ts'
import type { PassengerFare, Segment, Slice } from '../travel/flight.ts'

export type Fact = { readonly label: string; readonly value: string }

/** What a mail says, said once: its plain and its HTML form are made of the same sentences. */
export type Letter = {
  readonly subject: string
  readonly headline: string
  readonly paragraphs: readonly string[]
  readonly facts: readonly Fact[]
  readonly passengers: readonly { readonly name: string; readonly tickets: string }[]
  readonly journeys: readonly Journey[]
  readonly link: { readonly text: string; readonly url: string }
  readonly bookingReference: string
}

type Journey = { readonly title: string; readonly flights: readonly Flight[] }
type Flight = {
  readonly connection: string
  readonly name: string
  readonly departure: string
  readonly arrival: string
  readonly fare: string
  readonly baggage: string
}

const views = fileURLToPath(new URL('./templates', import.meta.url))
const html = new Eta({ views, cache: true })
const plain = new Eta({ views, cache: true, autoEscape: false, autoTrim: false })

/** The two forms of a letter. Everything is escaped in the HTML, and no text can begin a line of its own in either. */
export function renderLetter(letter: Letter): { subject: string; text: string; html: string } {
  const safe = onOneLineEach(letter)
  return { subject: safe.subject, text: plain.render('./letter.txt.eta', safe), html: html.render('./letter.html.eta', safe) }
}

/** Names come from people: a line break in one would forge a line of the mail, a mark of direction would turn one round. */
function onOneLineEach<T>(value: T): T {
  if (typeof value === 'string')
    return value
      .replace(/\p{Cf}+/gu, '')
      .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
      .trim() as T
  if (Array.isArray(value)) return value.map(onOneLineEach) as T
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, onOneLineEach(one)])) as T
  return value
}

/** The flights of a booking in words, with the local times at both ends. */
export function toJourneys(
  slices: readonly Slice[],
  fares: readonly Pick<PassengerFare, 'type' | 'baggage'>[],
  names: FlightNames,
): Journey[] {
  const others = otherAllowances(fares, slices)
  let flown = 0
  return slices.map((slice, i) => ({
    title: `${sliceTitle(slices, i)}: ${placeWords(names, slice.origin)} to ${placeWords(names, slice.destination)}`,
    flights: slice.segments.map((segment, j) => toFlight({ segment, before: slice.segments[j - 1], others: others[flown++]! }, names)),
  }))
}

type Flown = { readonly segment: Segment; readonly before: Segment | undefined; readonly others: readonly TypeAllowance[] }

function toFlight({ segment, before, others }: Flown, names: FlightNames): Flight {
  const stops = technicalStopsWords(names, [segment])
  const shift = dayShiftWords(dayShift(segment.departure, segment.arrival))
  const arrival = endWords('Arrives', segment.arrival, placeWords(names, segment.destination), segment.destinationTerminal)
  return {
    connection: before ? connectionWords(names, before, segment) : '',
    name: flightWords(names, segment) + operatorWords(segment, names) + (stops === '' ? '' : `, ${stops}`),
    departure: endWords('Departs', segment.departure, placeWords(names, segment.origin), segment.originTerminal),
    arrival: shift === '' ? arrival : `${arrival} (${shift})`,
    fare: [cabinWords(segment.cabin), segment.bookingClass === null ? null : `booking class ${segment.bookingClass}`, segment.brand]
      .filter((part) => part !== null)
      .join(', '),
    baggage: [baggageWords(segment.baggage), ...others.map(({ type, baggage }) => `for each ${type}: ${baggageWords(baggage)}`)].join('; '),
  }
}

function endWords(verb: string, time: Segment['departure'], place: string, terminal: string | null): string {
  return `${verb} ${dateWords(dayOf(time))}, ${clockWords(time)}, ${place}${terminal === null ? '' : `, terminal ${terminal}`}`
}

function operatorWords(segment: Segment, names: FlightNames): string {
  const operator = segment.operatingCarrier
  return operator === null || operator === segment.carrier ? '' : `, operated by ${names.carrier(operator) ?? operator}`
}
