import type { StayOffer } from '../api/types.ts'
import { ButtonLink } from '../ui/button-link.tsx'
import { moneyWords } from '../ui/money-words.ts'
import { Money } from '../ui/money.tsx'
import panel from '../ui/panel.module.css'
import { boardWords, freeCancellationWords, payAtWords, roomNames } from '../ui/stay-words.ts'
import styles from './checkout.module.css'

/** The nearest rates to one that is gone. */
export function StayAlternatives(props: { offers: readonly StayOffer[] }) {
  return (
    <section aria-labelledby="alternatives" className={panel.stack}>
      <h2 id="alternatives" className={panel.heading}>
        Closest to it
      </h2>
      <ol className={panel.stack}>
        {props.offers.map((stay) => (
          <li key={stay.id} className={`${panel.panel} ${panel.stack}`}>
            <div>
              <p>{stay.property.name}</p>
              <p className="small">{roomNames(stay.rooms)}</p>
              <p className="small muted">
                {[boardWords(stay), freeCancellationWords(stay, Date.now()), payAtWords(stay.pay_at)].join(' · ')}
              </p>
            </div>
            <div className={styles.alternativeBuy}>
              <Money value={stay.total} className={styles.price ?? ''} />
              <ButtonLink
                to="/book/$offerId"
                params={{ offerId: stay.id }}
                aria-label={`Choose, ${stay.property.name}, ${roomNames(stay.rooms)}, ${moneyWords(stay.total)}`}
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
