import type { StayOffer } from '../api/types.ts'
import { Money } from '../ui/money.tsx'
import { nightsWords, perNightWords } from '../ui/stay-words.ts'
import styles from './stays.module.css'

/** The price of all rooms for the whole stay, and what that is a night. */
export function PriceBlock(props: { rate: StayOffer; isFrom?: boolean }) {
  const { rate } = props
  const rooms = rate.rooms.length
  return (
    <div>
      <p>
        {props.isFrom === true ? <span className="small muted">from </span> : null}
        <Money value={rate.total} className={styles.price ?? ''} />
      </p>
      <p className={styles.perNight}>
        for {nightsWords(rate.nights)}
        {rooms === 1 ? '' : `, ${rooms} rooms`}
      </p>
      {rate.nights === 1 ? null : <p className={styles.perNight}>{perNightWords(rate.total, rate.nights)}</p>}
    </div>
  )
}
