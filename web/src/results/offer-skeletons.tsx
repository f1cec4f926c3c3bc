import { Skeleton } from '@mantine/core'
import styles from './offer-card.module.css'
import list from '../lists/list.module.css'

/** The room the first fares will take, so that nothing jumps when they come. */
export function OfferSkeletons() {
  return (
    <div className={list.list} aria-hidden="true">
      {[0, 1, 2, 3].map((i) => (
        <div key={i} className={styles.card}>
          <div className={styles.journey}>
            <Skeleton height={20} width="40%" />
            <Skeleton height={44} />
            <Skeleton height={20} width="70%" />
          </div>
          <div className={styles.buy}>
            <Skeleton height={32} width={110} />
            <Skeleton height={42} width={110} />
          </div>
        </div>
      ))}
    </div>
  )
}
