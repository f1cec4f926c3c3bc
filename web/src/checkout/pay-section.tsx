import { Button } from '@mantine/core'
import type { Money } from '../api/types.ts'
import { moneyWords } from '../ui/money-words.ts'
import { Money as MoneyText } from '../ui/money.tsx'
import panel from '../ui/panel.module.css'
import { Instant } from '../ui/time.tsx'
import styles from './checkout.module.css'
import type { PurchaseStep } from './use-purchase.ts'

const stepWords: Record<PurchaseStep, string> = {
  idle: '',
  placing: 'Placing the booking',
  opening: 'Opening the payment page',
  leaving: 'Going to the payment page',
}

type PaySectionProps = {
  total: Money
  /** What the total is of. */
  totalWords: string
  terms: readonly string[]
  seller: 'airline' | 'hotel'
  /** True where the hotel takes the money and nothing is paid now. */
  isPaidThere?: boolean
  bookableUntil: string | null
  step: PurchaseStep
}

/** The last look: what is paid, what happens then, and the one button. */
export function PaySection(props: PaySectionProps) {
  const { step, isPaidThere = false } = props
  const doing = isPaidThere && step === 'opening' ? 'Sending it to the hotel' : stepWords[step]
  return (
    <section className={`${panel.panel} ${panel.stack}`} aria-labelledby="payment">
      <h2 id="payment" className={panel.heading}>
        Payment
      </h2>
      <p className={styles.payTotal}>
        <MoneyText value={props.total} className={styles.price ?? ''} />
        <span className="small muted">{props.totalWords}</span>
      </p>
      <ul className={styles.terms}>
        {props.terms.map((term) => (
          <li key={term}>{term}</li>
        ))}
      </ul>
      <div className={styles.payAction}>
        <Button type="submit" size="lg" loading={step !== 'idle'} fullWidth>
          {isPaidThere ? 'Book now, pay at the hotel' : `Pay ${moneyWords(props.total)}`}
        </Button>
        <p className="small muted" role="status">
          {step !== 'idle' ? (
            doing
          ) : props.bookableUntil === null ? (
            ''
          ) : (
            <>
              The {props.seller} keeps this price until <Instant value={props.bookableUntil} />.
            </>
          )}
        </p>
      </div>
    </section>
  )
}
