import { useQueries } from '@tanstack/react-query'
import { placeQuery } from '../api/places.ts'
import type { Offer } from '../api/types.ts'
import { baggageWords, brandNames, carrierNames, changeWords, passengerWords, refundWords } from '../ui/fare-words.ts'
import { SliceDetails, SliceWire } from '../ui/itinerary.tsx'
import { Money } from '../ui/money.tsx'
import panel from '../ui/panel.module.css'
import { dayAtPlace } from '../ui/time-words.ts'
import styles from './checkout.module.css'

/** The fare in full: the journey, what it includes, and the price down to each part the supplier states. */
export function FareSummary(props: { offer: Offer; note?: string }) {
  const { offer } = props
  const codes = [...new Set(offer.slices.flatMap((slice) => slice.segments.flatMap((segment) => [segment.origin, segment.destination])))]
  const names = useQueries({
    queries: codes.map(placeQuery),
    combine: (found) =>
      new Map(found.flatMap((each, i) => (each.data === null || each.data === undefined ? [] : [[codes[i]!, each.data.name] as const]))),
  })
  const brands = brandNames(offer.slices)
  return (
    <section className={`${panel.panel} ${styles.summary}`} aria-labelledby="fare">
      <h2 id="fare" className={panel.heading}>
        Your fare
      </h2>
      <p className="small muted">
        {carrierNames(offer.slices)}
        {brands === '' ? '' : ` · ${brands}`}
      </p>
      {offer.slices.map((slice, i) => (
        <div key={`${slice.origin}${i}`} className={styles.summarySlice}>
          <p className={styles.summaryDay}>{slice.segments[0] === undefined ? '' : dayAtPlace(slice.segments[0].departure, true)}</p>
          <SliceWire slice={slice} />
          <details className={styles.disclosure}>
            <summary>
              Flights and waits, {slice.origin} to {slice.destination}
            </summary>
            <SliceDetails slice={slice} placeName={(code) => names.get(code)} />
          </details>
        </div>
      ))}
      <ul className={styles.includes}>
        <li>{baggageWords(offer.slices)}</li>
        <li>{refundWords(offer)}</li>
        <li>{changeWords(offer)}</li>
      </ul>
      <PriceBreakdown offer={offer} />
      {props.note === undefined ? null : <p className="small muted">{props.note}</p>}
    </section>
  )
}

function PriceBreakdown(props: { offer: Offer }) {
  const { offer } = props
  return (
    <dl className={styles.breakdown}>
      {offer.passengers.map((fare) =>
        fare.total === null ? null : (
          <div key={fare.type}>
            <dt>{passengerWords(fare.type, fare.count)}</dt>
            <dd>
              <Money value={fare.total} />
            </dd>
          </div>
        ),
      )}
      {offer.base === null || offer.taxes === null ? null : (
        <>
          <div className={styles.part}>
            <dt>Fare</dt>
            <dd>
              <Money value={offer.base} />
            </dd>
          </div>
          <div className={styles.part}>
            <dt>Taxes and fees</dt>
            <dd>
              <Money value={offer.taxes} />
            </dd>
          </div>
        </>
      )}
      <div className={styles.total}>
        <dt>Total, everything included</dt>
        <dd>
          <Money value={offer.total} />
        </dd>
      </div>
    </dl>
  )
}
