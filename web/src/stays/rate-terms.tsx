import type { StayOffer } from '../api/types.ts'
import { boardWords, dueWords, freeCancellationWords, payAtWords } from '../ui/stay-words.ts'
import styles from './stays.module.css'

/** What a rate includes and asks, each short. */
export function RateTerms(props: { rate: StayOffer }) {
  const { rate } = props
  const due = dueWords(rate)
  return (
    <ul className={styles.terms}>
      <li>{boardWords(rate)}</li>
      <li data-tone={rate.refundable === true ? 'ok' : undefined}>{freeCancellationWords(rate, Date.now())}</li>
      <li>{payAtWords(rate.pay_at)}</li>
      {due.length === 0 ? null : <li>Also due at the hotel: {due.join('; ')}</li>}
      {rate.rooms_left !== null && rate.rooms_left <= 5 ? (
        <li>
          {rate.rooms_left} {rate.rooms_left === 1 ? 'room' : 'rooms'} left at this rate in this supplier’s feed
        </li>
      ) : null}
    </ul>
  )
}
