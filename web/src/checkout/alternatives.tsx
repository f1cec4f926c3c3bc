import type { Offer } from '../api/types.ts'
import { ButtonLink } from '../ui/button-link.tsx'
import { baggageWords, carrierNames } from '../ui/fare-words.ts'
import { SliceWire } from '../ui/itinerary.tsx'
import { moneyWords } from '../ui/money-words.ts'
import { Money } from '../ui/money.tsx'
import panel from '../ui/panel.module.css'
import styles from './checkout.module.css'

/** The nearest fares to one that is gone. */
export function Alternatives(props: { offers: readonly Offer[] }) {
  return (
    <section aria-labelledby="alternatives" className={panel.stack}>
      <h2 id="alternatives" className={panel.heading}>
        Closest to it
      </h2>
      <ol className={panel.stack}>
        {props.offers.map((offer) => (
          <li key={offer.id} className={`${panel.panel} ${panel.stack}`}>
            <p className="small">{carrierNames(offer.slices)}</p>
            {offer.slices.map((slice, i) => (
              <SliceWire key={`${slice.origin}${i}`} slice={slice} withDay />
            ))}
            <p className="small muted">{baggageWords(offer.slices)}</p>
            <div className={styles.alternativeBuy}>
              <Money value={offer.total} className={styles.price ?? ''} />
              <ButtonLink
                to="/book/$offerId"
                params={{ offerId: offer.id }}
                aria-label={`Choose, ${carrierNames(offer.slices)}, ${moneyWords(offer.total)}`}
              >
                Choose
              </ButtonLink>
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}
