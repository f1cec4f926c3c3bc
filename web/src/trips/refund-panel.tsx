import type { Booking, Refund } from '../api/types.ts'
import { moneyWords } from '../ui/money-words.ts'
import panel from '../ui/panel.module.css'
import { instantDayWords } from '../ui/time-words.ts'
import { sellerOf } from './goods.ts'
import { reasonWords } from './stages.ts'
import styles from './trips.module.css'

const holders: Record<Refund['held_by'], string> = { bank: 'your bank', farewire: 'Farewire' }

/** Who holds the money, how much, and by when it is back. */
export function RefundPanel(props: { booking: Booking; refund: Refund }) {
  const { refund } = props
  return (
    <section className={`${panel.panel} ${panel.stack}`} aria-labelledby="refund">
      <h2 id="refund" className={panel.heading}>
        Your refund
      </h2>
      <p>
        {reasonWords(refund, sellerOf(props.booking))} {moneyWords(refund.amount)} of {moneyWords(props.booking.total)} back.
      </p>
      <dl className={styles.facts}>
        <div>
          <dt>With</dt>
          <dd>{holders[refund.held_by]}</dd>
        </div>
        <div>
          <dt>Amount</dt>
          <dd className="num">{moneyWords(refund.amount)}</dd>
        </div>
        <div>
          <dt>Due to your card by</dt>
          <dd>{instantDayWords(refund.due_by)}</dd>
        </div>
        <div>
          <dt>State</dt>
          <dd>{stateWords(refund)}</dd>
        </div>
      </dl>
      <p className="small muted">You need not do anything. Banks show refunds on the card you paid with.</p>
    </section>
  )
}

function stateWords(refund: Refund): string {
  switch (refund.state) {
    case 'completed':
      return 'sent to your bank'
    case 'failed':
      return 'refused by the bank; we are taking care of it'
    default:
      return 'started'
  }
}
