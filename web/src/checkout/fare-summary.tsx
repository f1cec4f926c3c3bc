import { useQueries } from '@tanstack/react-query'
import { placeQuery } from '../api/places.ts'
import type { Money as Amount, Offer, PassengerFare } from '../api/types.ts'
import {
  baggageWords,
  brandNames,
  carrierNames,
  otherBaggageWords,
  passengerWords,
  segmentOtherBaggageWords,
  technicalStops,
} from '../ui/fare-words.ts'
import { SliceDetails, SliceWire } from '../ui/itinerary.tsx'
import { signOf, sumOf } from '../ui/money-words.ts'
import { Money } from '../ui/money.tsx'
import panel from '../ui/panel.module.css'
import { changeWords, laterPenalties, refundWords } from '../ui/penalty-words.ts'
import { Instant } from '../ui/time.tsx'
import { dayAtPlace } from '../ui/time-words.ts'
import styles from './checkout.module.css'

/** The fare in full: the journey, what it includes, and the price down to each part the supplier states. */
export function FareSummary(props: { offer: Offer; note?: string }) {
  const { offer } = props
  const segments = offer.slices.flatMap((slice) => slice.segments)
  const codes = [...new Set([...segments.flatMap((segment) => [segment.origin, segment.destination]), ...technicalStops(segments)])]
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
            <SliceDetails
              slice={slice}
              placeName={(code) => names.get(code)}
              otherBags={(index) => segmentOtherBaggageWords(offer, i, index)}
            />
          </details>
        </div>
      ))}
      <ul className={styles.includes}>
        <li>{baggageWords(offer.slices)}</li>
        {otherBaggageWords(offer).map((words) => (
          <li key={words}>{words}</li>
        ))}
        <li>{refundWords(offer)}</li>
        <li>{changeWords(offer)}</li>
        {laterPenalties(offer).map((words) => (
          <li key={words}>{words}</li>
        ))}
        {offer.price_guaranteed_until === null ? null : (
          <li>
            The airline guarantees this price until <Instant value={offer.price_guaranteed_until} />
          </li>
        )}
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
      {priceParts(offer).map(([label, amount]) => (
        <div key={label} className={styles.part}>
          <dt>{label}</dt>
          <dd>
            <Money value={amount} />
          </dd>
        </div>
      ))}
      <div className={styles.total}>
        <dt>Total, everything included</dt>
        <dd>
          <Money value={offer.total} />
        </dd>
      </div>
    </dl>
  )
}

/** What the price is made of, as far as the supplier says; fees by themselves where it states them for every passenger. */
function priceParts(offer: Offer): [label: string, amount: Amount][] {
  const sumEach = (of: (fare: PassengerFare) => Amount | null) => sumOf(offer.passengers.map(of))
  const [base, taxes, fees] = [sumEach((fare) => fare.base), sumEach((fare) => fare.taxes), sumEach((fare) => fare.fees)]
  if (base !== null && taxes !== null && fees !== null && signOf(fees) !== 0)
    return [
      ['Fare', base],
      ['Taxes', taxes],
      ['Fees', fees],
    ]
  if (offer.base === null || offer.taxes === null) return []
  return [
    ['Fare', offer.base],
    ['Taxes and fees', offer.taxes],
  ]
}
