import {
  baggageWords,
  cabinWords,
  clockWords,
  connectionWords,
  dateWords,
  dayOf,
  dayShift,
  dayShiftWords,
  durationWords,
  flightWords,
  placeWords,
  sliceTitle,
  stopsWords,
  technicalStopsWords,
  type FlightNames,
  type TypeAllowance,
} from '../../travel/flight-words.ts'
import type { Segment, Slice } from '../../travel/flight.ts'
import type { ZonedTime } from '../../kernel/time.ts'
import { drawHeading } from '../sheet/blocks.ts'
import { COLOURS, PAGE, STYLES, type TextStyle } from '../sheet/look.ts'
import type { Sheet } from '../sheet/sheet.ts'

const CLOCK = { x: PAGE.left, width: 78 }
const WIRE_X = PAGE.left + 94
const TEXT = { x: PAGE.left + 110, width: PAGE.right - PAGE.left - 110 }
const NODE = 3.2

type Line = { readonly text: string; readonly style: TextStyle; readonly gap: number }

/** One flight, said and measured: nothing is drawn before it is known to fit. */
type Block = {
  readonly departure: Line[]
  readonly flight: Line[]
  readonly arrival: Line[]
  readonly flightTop: number
  readonly arrivalTop: number
  readonly height: number
}

/** Whose baggage the segments tell, and for each segment in the order flown who may bring something else. */
export type Bags = { readonly holder: string; readonly others: readonly (readonly TypeAllowance[])[] }

type Itinerary = { readonly slices: readonly Slice[]; readonly names: FlightNames; readonly bags: Bags }

/** Every journey as a wire from place to place. A flight is never split over two pages. */
export function drawItinerary(sheet: Sheet, { slices, names, bags }: Itinerary): void {
  let flown = 0
  for (const [i, slice] of slices.entries()) {
    const blocks = slice.segments.map((segment) => toBlock(sheet, names, { segment, bags: bagLines(segment, bags, flown++) }))
    sheet.group('Sect', () => {
      const title = `${sliceTitle(slices, i)}: ${placeWords(names, slice.origin)} to ${placeWords(names, slice.destination)}`
      drawSliceHead(sheet, title, sliceFacts(slice, names), blocks[0]?.height ?? 0)
      for (const [j, segment] of slice.segments.entries()) {
        const next = slice.segments[j + 1]
        drawSegment(sheet, segment, blocks[j]!)
        if (next) drawConnection(sheet, connectionWords(names, segment, next), blocks[j + 1]!.height)
      }
    })
  }
}

function sliceFacts(slice: Slice, names: FlightNames): string {
  const first = slice.segments[0]
  const facts = [
    first ? dateWords(dayOf(first.departure)) : null,
    stopsWords(names, slice),
    slice.durationMinutes === null ? null : `${durationWords(slice.durationMinutes)} in all`,
  ]
  return join(facts)
}

function drawSliceHead(sheet: Sheet, title: string, facts: string, follows: number): void {
  const width = PAGE.right - PAGE.left
  const height = sheet.heightOf(facts, STYLES.detail, width)
  drawHeading(sheet, title, height + 8 + follows)
  sheet.write('P', facts, STYLES.detail, { x: PAGE.left, y: sheet.y - 2, width })
  sheet.y += height + 8
}

/** The clock, the date and the offset below each other. */
const CLOCK_HEIGHT = 35

/** "Bags for each adult: …", and a line for every type of passengers that may bring something else. */
function bagLines(segment: Segment, { holder, others }: Bags, index: number): readonly string[] {
  const lines = (others[index] ?? []).map(({ type, baggage }) => `Bags for each ${type}: ${baggageWords(baggage)}`)
  return [`Bags for each ${holder}: ${baggageWords(segment.baggage)}`, ...lines]
}

type Flown = { readonly segment: Segment; readonly bags: readonly string[] }

function toBlock(sheet: Sheet, names: FlightNames, { segment, bags }: Flown): Block {
  const departure = placeLines(names, segment.origin, segment.originTerminal, '')
  const flight = flightLines(segment, names, bags)
  const arrival = placeLines(
    names,
    segment.destination,
    segment.destinationTerminal,
    dayShiftWords(dayShift(segment.departure, segment.arrival)),
  )
  const flightTop = heightOf(sheet, departure) + 5
  const arrivalTop = Math.max(flightTop + heightOf(sheet, flight) + 7, CLOCK_HEIGHT + 8)
  return { departure, flight, arrival, flightTop, arrivalTop, height: arrivalTop + Math.max(heightOf(sheet, arrival), CLOCK_HEIGHT) }
}

function drawSegment(sheet: Sheet, segment: Segment, block: Block): void {
  sheet.need(block.height)
  const top = sheet.y
  const bottom = top + block.arrivalTop
  sheet.decorate((pdf) => {
    pdf
      .moveTo(WIRE_X, top + 8)
      .lineTo(WIRE_X, bottom + 8)
      .lineWidth(1.5)
      .strokeColor(COLOURS.wire)
      .stroke()
    pdf
      .circle(WIRE_X, top + 8, NODE)
      .circle(WIRE_X, bottom + 8, NODE)
      .fillColor(COLOURS.wire)
      .fill()
  })
  drawClock(sheet, segment.departure, top)
  drawLines(sheet, block.departure, top)
  drawLines(sheet, block.flight, top + block.flightTop)
  drawClock(sheet, segment.arrival, bottom)
  drawLines(sheet, block.arrival, bottom)
  sheet.y = top + block.height + 4
}

function drawClock(sheet: Sheet, time: ZonedTime, y: number): void {
  sheet.write('P', clockWords(time), STYLES.time, { ...CLOCK, y, align: 'right' })
  sheet.write('P', dateWords(dayOf(time)), STYLES.label, { ...CLOCK, y: y + 16, align: 'right' })
  if (time.offset !== null) sheet.write('P', `UTC${time.offset}`, STYLES.label, { ...CLOCK, y: y + 25, align: 'right' })
}

function placeLines(names: FlightNames, code: string, terminal: string | null, note: string): Line[] {
  const below = join([terminal === null ? null : `Terminal ${terminal}`, note])
  return spoken([
    { text: placeWords(names, code), style: STYLES.strong, gap: 2 },
    { text: below, style: STYLES.detail, gap: 0 },
  ])
}

function flightLines(segment: Segment, names: FlightNames, bags: readonly string[]): Line[] {
  const operator = segment.operatingCarrier
  const fare = [
    cabinWords(segment.cabin),
    segment.bookingClass === null ? null : `booking class ${segment.bookingClass}`,
    segment.brand,
    segment.fareBasis === null ? null : `fare basis ${segment.fareBasis}`,
  ]
  const flight = [
    segment.durationMinutes === null ? null : durationWords(segment.durationMinutes),
    segment.equipment === null ? null : `aircraft ${segment.equipment}`,
    operator === null || operator === segment.carrier ? null : `operated by ${names.carrier(operator) ?? operator}`,
  ]
  return spoken([
    { text: flightWords(names, segment), style: STYLES.body, gap: 2 },
    { text: join(flight), style: STYLES.detail, gap: 1 },
    { text: join(fare), style: STYLES.detail, gap: 1 },
    { text: capitalised(technicalStopsWords(names, [segment])), style: STYLES.detail, gap: 1 },
    ...bags.map((text) => ({ text, style: STYLES.detail, gap: 0 })),
  ])
}

/** The connection stays with the flight that follows it, where a traveller looks for it. */
function drawConnection(sheet: Sheet, text: string, follows: number): void {
  const height = sheet.heightOf(text, STYLES.detail, TEXT.width)
  const begins = sheet.need(height + 16 + follows)
  const top = sheet.y
  // From the node above to the node below; on a new page there is no node above.
  const from = begins ? top : top - CLOCK_HEIGHT + 4
  sheet.decorate((pdf) => {
    pdf
      .moveTo(WIRE_X, from)
      .lineTo(WIRE_X, top + height + 24)
      .lineWidth(0.75)
      .strokeColor(COLOURS.wire)
      .stroke()
  })
  sheet.write('P', text, STYLES.detail, { x: TEXT.x, y: top + 3, width: TEXT.width })
  sheet.y = top + height + 16
}

function join(parts: readonly (string | null)[]): string {
  return parts.filter((part) => part !== null && part !== '').join(' · ')
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function spoken(lines: readonly Line[]): Line[] {
  return lines.filter((line) => line.text !== '')
}

function heightOf(sheet: Sheet, lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + sheet.heightOf(line.text, line.style, TEXT.width) + line.gap, 0)
}

function drawLines(sheet: Sheet, lines: readonly Line[], top: number): void {
  let y = top
  for (const line of lines) {
    sheet.write('P', line.text, line.style, { x: TEXT.x, y, width: TEXT.width })
    y += sheet.heightOf(line.text, line.style, TEXT.width) + line.gap
  }
}
