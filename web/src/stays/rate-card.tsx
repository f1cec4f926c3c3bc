import { useQueryClient } from '@tanstack/react-query'
import { useId } from 'react'
import { shownOfferKey } from '../api/offers.ts'
import type { StayOffer } from '../api/types.ts'
import { ButtonLink } from '../ui/button-link.tsx'
import { moneyWords } from '../ui/money-words.ts'
import { boardWords, cancellationWords, plainCase, roomGuestsWords, roomNames } from '../ui/stay-words.ts'
import { PriceBlock } from './price-block.tsx'
import { RateTerms } from './rate-terms.tsx'
import styles from './stays.module.css'

/** Rooms at one rate: what they are, what it includes, what cancelling costs and when, and what else it asks. */
export function RateCard(props: { rate: StayOffer; sourceName: string }) {
  const client = useQueryClient()
  const titleId = useId()
  const { rate } = props
  const names = roomNames(rate.rooms)
  return (
    <article className={styles.rate} aria-labelledby={titleId}>
      <div className={styles.about}>
        <h3 id={titleId} className={styles.rateName}>
          {names}
          <span className="said">
            , {boardWords(rate)}, {moneyWords(rate.total)}
          </span>
        </h3>
        <RateTerms rate={rate} />
        <details className={styles.disclosure}>
          <summary>
            Cancelling and remarks<span className="said">, {names}</span>
          </summary>
          <div className={styles.more}>
            <ul>
              {cancellationWords(rate, Date.now()).map((words) => (
                <li key={words}>{words}</li>
              ))}
            </ul>
            {rate.remarks.map((remark) => (
              <p key={remark}>{remark}</p>
            ))}
            <ul className="muted">
              {rate.rooms.map((room, i) => (
                <li key={i}>
                  {rate.rooms.length === 1 ? 'Room' : `Room ${i + 1}`}: {plainCase(room.name)}, for{' '}
                  {roomGuestsWords(room.adults, room.child_ages)}
                </li>
              ))}
              {rate.rate_plan === null ? null : <li>Rate: {rate.rate_plan}</li>}
              <li>Sold through {props.sourceName}. Times are by your clock.</li>
            </ul>
          </div>
        </details>
      </div>
      <div className={styles.buy}>
        <PriceBlock rate={rate} />
        <ButtonLink
          to="/book/$offerId"
          params={{ offerId: rate.id }}
          onClick={() => client.setQueryData(shownOfferKey(rate.id), rate)}
          aria-label={`Choose, ${names}, ${moneyWords(rate.total)}`}
        >
          Choose
        </ButtonLink>
      </div>
    </article>
  )
}
