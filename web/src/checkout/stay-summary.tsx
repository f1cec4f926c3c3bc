import type { StayOffer } from '../api/types.ts'
import { Money } from '../ui/money.tsx'
import panel from '../ui/panel.module.css'
import { StayDetails } from '../ui/stay-details.tsx'
import { nightsWords, payAtWords, perNightWords } from '../ui/stay-words.ts'
import styles from './checkout.module.css'

/** The stay in full, and its price. */
export function StaySummary(props: { stay: StayOffer }) {
  const { stay } = props
  return (
    <section className={`${panel.panel} ${styles.summary}`} aria-labelledby="stay">
      <h2 id="stay" className={panel.heading}>
        Your stay
      </h2>
      <StayDetails stay={stay} />
      <dl className={styles.breakdown}>
        <div>
          <dt>{payAtWords(stay.pay_at)}</dt>
          <dd>
            {nightsWords(stay.nights)}
            {stay.nights === 1 ? '' : `, ${perNightWords(stay.total, stay.nights)}`}
          </dd>
        </div>
        <div className={styles.total}>
          <dt>{stay.due_at_property.length === 0 ? 'Total' : 'Total, without what is due at the hotel'}</dt>
          <dd>
            <Money value={stay.total} />
          </dd>
        </div>
      </dl>
    </section>
  )
}
