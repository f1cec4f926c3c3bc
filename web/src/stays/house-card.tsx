import { Skeleton } from '@mantine/core'
import { useId } from 'react'
import type { StaySearch } from '../api/stay-search.ts'
import list from '../lists/list.module.css'
import { ButtonLink } from '../ui/button-link.tsx'
import { HousePicture } from '../ui/house-picture.tsx'
import { moneyWords } from '../ui/money-words.ts'
import { roomNames } from '../ui/stay-words.ts'
import { HouseFacts } from './house-facts.tsx'
import { PriceBlock } from './price-block.tsx'
import { RateTerms } from './rate-terms.tsx'
import type { HouseRow } from './stay-feed.ts'
import styles from './stays.module.css'

/** One house at its cheapest rate that passes the filters. */
export function HouseCard(props: { row: HouseRow; search: StaySearch }) {
  const { house, offers, more_offers: more } = props.row
  const titleId = useId()
  const [rate] = offers
  if (rate === undefined) return null
  const rates = offers.length + more
  return (
    <article className={styles.card} aria-labelledby={titleId}>
      <HousePicture address={house.image} />
      <div className={styles.about}>
        <h3 id={titleId} className={styles.name}>
          {house.name}
          <span className="said">, {moneyWords(rate.total)}</span>
        </h3>
        <HouseFacts house={house} distance={house.distance_m} />
        <p className={styles.rooms}>{roomNames(rate.rooms)}</p>
        <RateTerms rate={rate} />
      </div>
      <div className={styles.buy}>
        <PriceBlock rate={rate} isFrom={rates > 1} />
        <ButtonLink
          to="/stays/houses/$house"
          params={{ house: house.id }}
          search={props.search}
          aria-label={`${rates === 1 ? 'See the room' : `See ${rates} rates`}, ${house.name}, ${rates > 1 ? 'from ' : ''}${moneyWords(rate.total)}`}
        >
          {rates === 1 ? 'See the room' : `See ${rates} rates`}
        </ButtonLink>
      </div>
    </article>
  )
}

/** The room the first houses will take, so that nothing jumps when they come. */
export function HouseSkeletons() {
  return (
    <div className={list.list} aria-hidden="true">
      {[0, 1, 2, 3].map((i) => (
        <div key={i} className={styles.card}>
          <Skeleton className={styles.pictureRoom} />
          <div className={styles.about}>
            <Skeleton height={24} width="60%" />
            <Skeleton height={20} />
            <Skeleton height={40} width="80%" />
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
