import type { Booking } from '../api/types.ts'
import { moneyWords } from '../ui/money-words.ts'
import { Money } from '../ui/money.tsx'
import panel from '../ui/panel.module.css'
import styles from './trips.module.css'

/** Where the money is, in one line. */
export function MoneyPanel(props: { booking: Booking }) {
  const { booking } = props
  return (
    <section className={`${panel.panel} ${panel.stack}`} aria-labelledby="money">
      <h2 id="money" className={panel.heading}>
        The money
      </h2>
      <p>{moneyMovedWords(booking)}</p>
      <dl className={styles.facts}>
        <div>
          <dt>Total, everything included</dt>
          <dd>
            <Money value={booking.total} />
          </dd>
        </div>
      </dl>
    </section>
  )
}

function moneyMovedWords(booking: Booking): string {
  switch (booking.money_moved) {
    case 'none':
      return 'Nothing charged.'
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
