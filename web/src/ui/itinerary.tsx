import type { Segment, Slice } from '../api/types.ts'
import { cabinWords, routePoints, segmentBaggageWords, stopsWords, technicalStopsWords } from './fare-words.ts'
import styles from './itinerary.module.css'
import { dayAtPlace, dayShift, dayShiftWords, durationWords, layoverMinutes } from './time-words.ts'
import { LocalTime } from './time.tsx'

/**
 * One direction of a journey as a wire: when and where it leaves, where it changes or lands on the way, when and where it
 * arrives. Dashed where nobody answers for a connection, with a square at the one after flight `unprotectedAt`.
 */
export function SliceWire(props: { slice: Slice; withDay?: boolean; unprotectedAt?: number | null; isUnprotected?: boolean }) {
  const { slice } = props
  const first = slice.segments[0]
  const last = slice.segments.at(-1)
  if (first === undefined || last === undefined) return null
  const shift = dayShift(first.departure, last.arrival)
  return (
    <div className={styles.slice}>
      <div>
        {props.withDay === true ? <div className={styles.day}>{dayAtPlace(first.departure)}</div> : null}
        <LocalTime value={first.departure} className={styles.clock} />
        <div className={styles.place}>{first.origin}</div>
      </div>
      <div className={styles.middle}>
        <span className={styles.duration}>{durationWords(slice.duration_minutes)}</span>
        <span className={styles.line} data-unprotected={props.isUnprotected} aria-hidden="true">
          {routePoints(slice).map(({ place, isChange }, i, points) => (
            <span
              key={`${place}${i}`}
              className={isChange ? styles.stop : styles.technicalStop}
              data-act={isChange && points.slice(0, i).filter((point) => point.isChange).length === props.unprotectedAt}
            />
          ))}
        </span>
        <span className={styles.stops}>{stopsWords(slice)}</span>
      </div>
      <div className={styles.end}>
        {props.withDay === true ? <div className={styles.day}>{dayAtPlace(last.arrival)}</div> : null}
        <span className={styles.clockRow}>
          <LocalTime value={last.arrival} className={styles.clock} />
          {shift === 0 ? null : (
            <span className={styles.shift}>
              <span aria-hidden="true" title={dayShiftWords(shift)}>
                {shift > 0 ? `+${shift}` : shift}
              </span>
              <span className="said">{dayShiftWords(shift)}</span>
            </span>
          )}
        </span>
        <div className={styles.place}>{last.destination}</div>
      </div>
    </div>
  )
}

type SliceDetailsProps = {
  slice: Slice
  placeName?: (code: string) => string | undefined
  /** What passengers may bring on the flight of this number in the slice where it is not what the flight says. */
  otherBags?: (index: number) => readonly string[]
}

/** Every flight of one direction with terminals, waits and baggage. `placeName` gives an airport its name where known. */
export function SliceDetails(props: SliceDetailsProps) {
  return (
    <ol className={styles.details}>
      {props.slice.segments.map((segment, i) => (
        <SegmentDetails
          key={`${segment.carrier}${segment.flight_number}${segment.departure.local}`}
          slice={props.slice}
          segment={segment}
          index={i}
          placeName={props.placeName}
          otherBags={props.otherBags?.(i) ?? []}
        />
      ))}
    </ol>
  )
}

function SegmentDetails(props: {
  slice: Slice
  segment: Segment
  index: number
  placeName: ((code: string) => string | undefined) | undefined
  otherBags: readonly string[]
}) {
  const { segment } = props
  const stops = technicalStopsWords(segment, props.placeName)
  const shift = dayShift(segment.departure, segment.arrival)
  const operated = segment.operating_carrier !== null && segment.operating_carrier !== segment.carrier
  return (
    <li className={styles.flight}>
      <div className={styles.point}>
        <span className={styles.dot} aria-hidden="true" />
        <LocalTime value={segment.departure} className={styles.pointClock} />
        <PointWords code={segment.origin} terminal={segment.origin_terminal} name={props.placeName?.(segment.origin)} />
      </div>
      <div className={styles.between}>
        <div>
          {segment.carrier_name === undefined ? null : `${segment.carrier_name} `}
          <span className="code">
            {segment.carrier}
            {segment.flight_number}
          </span>
          {operated ? `, operated by ${segment.operating_carrier}` : ''}
        </div>
        <div>
          {[
            dayAtPlace(segment.departure),
            durationWords(segment.duration_minutes),
            cabinWords(segment.cabin),
            segment.brand,
            segment.equipment === null ? null : (segment.equipment_name ?? `aircraft ${segment.equipment}`),
          ]
            .filter((part) => part !== null && part !== '')
            .join(' · ')}
        </div>
        {stops === null ? null : <div>{stops}</div>}
        <div>{segmentBaggageWords(segment)}</div>
        {props.otherBags.map((words) => (
          <div key={words}>{words}</div>
        ))}
      </div>
      <div className={styles.point}>
        <span className={styles.dot} aria-hidden="true" />
        <LocalTime value={segment.arrival} className={styles.pointClock} />
        <PointWords
          code={segment.destination}
          terminal={segment.destination_terminal}
          name={props.placeName?.(segment.destination)}
          shift={dayShiftWords(shift)}
        />
      </div>
      <Connection slice={props.slice} index={props.index} />
    </li>
  )
}

function PointWords(props: { code: string; terminal: string | null; name: string | undefined; shift?: string }) {
  return (
    <span>
      <strong>{props.code}</strong>
      {props.name === undefined ? '' : ` ${props.name}`}
      {props.terminal === null ? '' : `, terminal ${props.terminal}`}
      {props.shift === undefined || props.shift === '' ? null : <span className={styles.shiftWords}> {props.shift}</span>}
    </span>
  )
}

function Connection(props: { slice: Slice; index: number }) {
  const arriving = props.slice.segments[props.index]
  const leaving = props.slice.segments[props.index + 1]
  if (arriving === undefined || leaving === undefined) return null
  const wait = layoverMinutes(props.slice, props.index)
  const changesAirport = leaving.origin !== arriving.destination
  const changesTerminal =
    !changesAirport &&
    arriving.destination_terminal !== null &&
    leaving.origin_terminal !== null &&
    arriving.destination_terminal !== leaving.origin_terminal
  return (
    <div className={styles.connection}>
      {wait === null ? 'Change' : `${durationWords(wait)} to change`} at {arriving.destination}
      {changesAirport ? <strong> — you leave from another airport, {leaving.origin}</strong> : null}
      {changesTerminal ? ` — from terminal ${arriving.destination_terminal} to terminal ${leaving.origin_terminal}` : null}
    </div>
  )
}
