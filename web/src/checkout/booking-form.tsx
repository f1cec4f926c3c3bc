import { TextInput } from '@mantine/core'
import { useEffect, useRef, useState, type FormEvent, type ReactNode } from 'react'
import { serverNowMs } from '../api/clock.ts'
import type { ResultsLink } from '../api/last-search.ts'
import type { FieldFault } from '../api/problem.ts'
import type { AnyOffer, BookingOrder, Money } from '../api/types.ts'
import panel from '../ui/panel.module.css'
import { useNow } from '../ui/time.tsx'
import styles from './checkout.module.css'
import { fieldId, type Faults } from './draft-faults.ts'
import { AlreadyPlaced, CheckExpired, PurchaseProblem } from './purchase-problem.tsx'
import { usePurchase, type PurchaseStep } from './use-purchase.ts'

export type Contact = { email: string; phone: string }

/** What a form of one kind of goods is given. */
export type GoodsFormProps<O extends AnyOffer> = {
  offer: O
  bookableUntil: string | null
  back: ResultsLink
  onCheckAgain: () => void
}

type BookingFormProps = GoodsFormProps<AnyOffer> & {
  label: string
  contactTitle: string
  contact: Contact
  onContact: (change: Partial<Contact>) => void
  findFaults: () => Faults
  readFaults: (errors: readonly FieldFault[]) => { faults: Faults; rest: readonly FieldFault[] }
  toOrder: (total: Money) => BookingOrder
  /** Who it is for; `forget` takes away the faults of these fields, by the beginnings of their pointers. */
  people: (faults: Faults, forget: (...pointers: string[]) => void) => ReactNode
  pay: (total: Money, step: PurchaseStep) => ReactNode
}

/** Who it is for and where news go, then the payment: the same for all goods. */
export function BookingForm(props: BookingFormProps) {
  const { offer, contact } = props
  const [faults, setFaults] = useState<Faults>({})
  const [total, setTotal] = useState<Money>(offer.total)
  const purchase = usePurchase({ offerId: offer.id, readFaults: props.readFaults, onFaults: setFaults })
  useNow(10_000)
  const isExpired = props.bookableUntil !== null && Date.parse(props.bookableUntil) <= serverNowMs()
  const mustFocus = useRef(false)

  useEffect(() => {
    const first = Object.keys(faults)[0]
    if (first === undefined || !mustFocus.current) return
    mustFocus.current = false
    document.getElementById(fieldId(first))?.focus()
  }, [faults])

  const forget = (...pointers: string[]) => setFaults((before) => withoutPointers(before, pointers))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isExpired) return
    const found = props.findFaults()
    mustFocus.current = true
    setFaults(found)
    if (Object.keys(found).length === 0) void purchase.buy(props.toOrder(total))
  }

  if (purchase.placed !== null && purchase.step === 'idle' && purchase.problem === null) {
    return <AlreadyPlaced bookingId={purchase.placed.bookingId} onStartOver={purchase.startOver} />
  }
  return (
    <form onSubmit={submit} noValidate className={panel.stack} aria-label={props.label}>
      {props.people(faults, forget)}
      <section className={`${panel.panel} ${panel.stack}`} aria-labelledby="contact">
        <h2 id="contact" className={panel.heading}>
          {props.contactTitle}
        </h2>
        <div className={styles.pair}>
          <TextInput
            id={fieldId('/contact/email')}
            label="E-mail"
            type="email"
            autoComplete="email"
            value={contact.email}
            error={faults['/contact/email']}
            onChange={(event) => {
              props.onContact({ email: event.currentTarget.value })
              forget('/contact/email')
            }}
          />
          <TextInput
            id={fieldId('/contact/phone')}
            label="Phone with country code"
            type="tel"
            autoComplete="tel"
            placeholder="+62 812 345 678"
            value={contact.phone}
            error={faults['/contact/phone']}
            onChange={(event) => {
              props.onContact({ phone: event.currentTarget.value })
              forget('/contact/phone')
            }}
          />
        </div>
      </section>
      {Object.keys(faults).length === 0 ? null : (
        <p role="alert" className={styles.faultCount}>
          {Object.keys(faults).length === 1 ? 'One field needs' : `${Object.keys(faults).length} fields need`} correcting. Nothing has been
          booked.
        </p>
      )}
      {purchase.problem === null ? null : (
        <PurchaseProblem
          problem={purchase.problem}
          offerId={offer.id}
          back={props.back}
          onCheckAgain={props.onCheckAgain}
          onAcceptTotal={(accepted) => {
            setTotal(accepted)
            purchase.clear()
          }}
          onRetry={() => void purchase.buy(props.toOrder(total))}
          onStartOver={purchase.startOver}
        />
      )}
      {isExpired && purchase.step === 'idle' ? (
        <CheckExpired at={props.bookableUntil ?? ''} onCheckAgain={props.onCheckAgain} />
      ) : (
        props.pay(total, purchase.step)
      )}
    </form>
  )
}

function withoutPointers(faults: Faults, pointers: readonly string[]): Faults {
  return Object.fromEntries(Object.entries(faults).filter(([pointer]) => !pointers.includes(pointer)))
}
