import { isStay, type Booking } from '../api/types.ts'
import { moneyWords } from '../ui/money-words.ts'
import { Money } from '../ui/money.tsx'
import panel from '../ui/panel.module.css'
import { dueWords } from '../ui/stay-words.ts'
import { isPaidThere } from './goods.ts'
import styles from './trips.module.css'

/** Where the money is, in one line. */
export function MoneyPanel(props: { booking: Booking }) {
  const { booking } = props
  const due = isStay(booking.offer) ? dueWords(booking.offer) : []
  return (
    <section className={`${panel.panel} ${panel.stack}`} aria-labelledby="money">
      <h2 id="money" className={panel.heading}>
        The money
      </h2>
      <p>{moneyMovedWords(booking)}</p>
      <dl className={styles.facts}>
        <div>
          <dt>{totalWords(booking, due.length > 0)}</dt>
          <dd>
            <Money value={booking.total} />
          </dd>
        </div>
        {due.length === 0 ? null : (
          <div>
            <dt>Also due at the hotel</dt>
            <dd>{due.join('; ')}</dd>
          </div>
        )}
      </dl>
    </section>
  )
}

function totalWords(booking: Booking, hasDue: boolean): string {
  if (isPaidThere(booking)) return 'To pay at the hotel'
  return hasDue ? 'Total' : 'Total, everything included'
}

function moneyMovedWords(booking: Booking): string {
  switch (booking.money_moved) {
    case 'none':
      return isPaidThere(booking) && booking.stage !== 'cancelled' ? 'Nothing charged. You pay at the hotel.' : 'Nothing charged.'
    case 'captured':
      return booking.stage === 'refunding'
        ? `Charged ${moneyWords(booking.total)}. All of it is being returned.`
        : `Charged ${moneyWords(booking.total)}, once.`
    case 'refunded':
      return `Charged ${moneyWords(booking.total)} and refunded ${moneyWords(booking.refund?.amount ?? booking.total)}.`
    default:
      return 'We are finding out whether money moved. Do not pay again.'
  }
}
