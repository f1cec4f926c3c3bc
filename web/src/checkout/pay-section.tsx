import { Button } from '@mantine/core'
import type { Money, Offer } from '../api/types.ts'
import { offerCounts } from '../ui/fare-words.ts'
import { moneyWords } from '../ui/money-words.ts'
import { Money as MoneyText } from '../ui/money.tsx'
import panel from '../ui/panel.module.css'
import { changeWords, refundWords } from '../ui/penalty-words.ts'
import { Instant } from '../ui/time.tsx'
import styles from './checkout.module.css'
import type { PurchaseStep } from './use-purchase.ts'

const stepWords: Record<PurchaseStep, string> = {
  idle: '',
  placing: 'Placing the booking',
  opening: 'Opening the payment page',
  leaving: 'Going to the payment page',
}

/** The last look: what is paid, what happens then, and the one button. */
export function PaySection(props: { offer: Offer; total: Money; bookableUntil: string | null; step: PurchaseStep }) {
  const travellers = offerCounts(props.offer).total
  return (
    <section className={`${panel.panel} ${panel.stack}`} aria-labelledby="payment">
      <h2 id="payment" className={panel.heading}>
        Payment
      </h2>
      <p className={styles.payTotal}>
        <MoneyText value={props.total} className={styles.price ?? ''} />
        <span className="small muted">
          charged in {props.total.currency}, for {travellers} {travellers === 1 ? 'traveller' : 'travellers'}, everything included
        </span>
      </p>
      <ul className={styles.terms}>
        <li>You pay on the payment provider’s page. Your card number never reaches us.</li>
        <li>The airline then issues the ticket. You can close the page; we e-mail you.</li>
        <li>If the airline refuses or raises the price, you get everything back.</li>
        <li>
          This fare: {lowerFirst(refundWords(props.offer))}; {lowerFirst(changeWords(props.offer))}.
        </li>
      </ul>
      <div className={styles.payAction}>
        <Button type="submit" size="lg" loading={props.step !== 'idle'} fullWidth>
          Pay {moneyWords(props.total)}
        </Button>
        <p className="small muted" role="status">
          {props.step !== 'idle' ? (
            stepWords[props.step]
          ) : props.bookableUntil === null ? (
            ''
          ) : (
            <>
              The airline keeps this price until <Instant value={props.bookableUntil} />.
            </>
          )}
        </p>
      </div>
    </section>
  )
}

function lowerFirst(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1)
}
