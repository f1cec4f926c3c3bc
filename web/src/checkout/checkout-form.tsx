import { TextInput } from '@mantine/core'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { serverNowMs } from '../api/clock.ts'
import type { FlightSearch } from '../api/flight-search.ts'
import type { Money, Offer } from '../api/types.ts'
import panel from '../ui/panel.module.css'
import { useNow } from '../ui/time.tsx'
import styles from './checkout.module.css'
import { fieldId, findDraftFaults, type Faults } from './draft-faults.ts'
import { loadDraft, saveDraft, type Draft, type PassengerDraft } from './draft.ts'
import { AlreadyPlaced, CheckExpired, PurchaseProblem } from './purchase-problem.tsx'
import { PassengerFields } from './passenger-fields.tsx'
import { PaySection } from './pay-section.tsx'
import { SandboxHelp } from './sandbox-help.tsx'
import { usePurchase } from './use-purchase.ts'

type CheckoutFormProps = { offer: Offer; bookableUntil: string | null; back: FlightSearch; onCheckAgain: () => void }

/** Who travels and where tickets go, then the payment. What is typed stays in this tab until it is booked. */
export function CheckoutForm(props: CheckoutFormProps) {
  const { offer } = props
  const [draft, setDraft] = useState<Draft>(() => loadDraft(offer))
  const [faults, setFaults] = useState<Faults>({})
  const [total, setTotal] = useState<Money>(offer.total)
  const purchase = usePurchase({ offerId: offer.id, total, onFaults: setFaults })
  useNow(10_000)
  const isExpired = props.bookableUntil !== null && Date.parse(props.bookableUntil) <= serverNowMs()
  const mustFocus = useRef(false)

  useEffect(() => saveDraft(draft), [draft])
  useEffect(() => {
    const first = Object.keys(faults)[0]
    if (first === undefined || !mustFocus.current) return
    mustFocus.current = false
    document.getElementById(fieldId(first))?.focus()
  }, [faults])

  const changePassenger = (index: number, change: Partial<PassengerDraft>) => {
    setDraft((before) => ({ ...before, passengers: before.passengers.map((each, i) => (i === index ? { ...each, ...change } : each)) }))
    setFaults((before) => withoutPrefix(before, `/passengers/${index}`, change))
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isExpired) return
    const found = findDraftFaults(draft, offer.slices)
    mustFocus.current = true
    setFaults(found)
    if (Object.keys(found).length === 0) void purchase.buy(draft)
  }

  if (purchase.placed !== null && purchase.step === 'idle' && purchase.problem === null) {
    return <AlreadyPlaced bookingId={purchase.placed.bookingId} onStartOver={purchase.startOver} />
  }
  return (
    <form onSubmit={submit} noValidate className={panel.stack} aria-label="Travellers and payment">
      <section className={`${panel.panel} ${panel.stack}`} aria-labelledby="travellers">
        <h2 id="travellers" className={panel.heading}>
          Travellers
        </h2>
        {draft.passengers.map((passenger, i) => (
          <PassengerFields key={i} index={i} value={passenger} faults={faults} onChange={(change) => changePassenger(i, change)} />
        ))}
        <SandboxHelp />
      </section>
      <section className={`${panel.panel} ${panel.stack}`} aria-labelledby="contact">
        <h2 id="contact" className={panel.heading}>
          Where tickets and news go
        </h2>
        <div className={styles.pair}>
          <TextInput
            id={fieldId('/contact/email')}
            label="E-mail"
            type="email"
            autoComplete="email"
            value={draft.email}
            error={faults['/contact/email']}
            onChange={(event) => {
              const email = event.currentTarget.value
              setDraft((before) => ({ ...before, email }))
              setFaults((before) => withoutPrefix(before, '/contact/email'))
            }}
          />
          <TextInput
            id={fieldId('/contact/phone')}
            label="Phone with country code"
            type="tel"
            autoComplete="tel"
            placeholder="+62 812 345 678"
            value={draft.phone}
            error={faults['/contact/phone']}
            onChange={(event) => {
              const phone = event.currentTarget.value
              setDraft((before) => ({ ...before, phone }))
              setFaults((before) => withoutPrefix(before, '/contact/phone'))
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
          onRetry={() => void purchase.buy(draft)}
          onStartOver={purchase.startOver}
        />
      )}
      {isExpired && purchase.step === 'idle' ? (
        <CheckExpired at={props.bookableUntil ?? ''} onCheckAgain={props.onCheckAgain} />
      ) : (
        <PaySection offer={offer} total={total} bookableUntil={props.bookableUntil} step={purchase.step} />
      )}
    </form>
  )
}

/** Forgets the faults of what is being corrected; with `change`, only of the fields changed. */
function withoutPrefix(faults: Faults, prefix: string, change?: Partial<PassengerDraft>): Faults {
  const fields = change === undefined ? null : Object.keys(change).map((key) => pointerOf[key as keyof PassengerDraft] ?? key)
  return Object.fromEntries(
    Object.entries(faults).filter(
      ([pointer]) => !pointer.startsWith(prefix) || (fields !== null && !fields.some((field) => pointer === `${prefix}/${field}`)),
    ),
  )
}

const pointerOf: Partial<Record<keyof PassengerDraft, string>> = {
  givenName: 'given_name',
  familyName: 'family_name',
  born: 'born_on',
  passportNumber: 'document/number',
  issuingCountry: 'document/issuing_country',
  nationality: 'document/nationality',
  passportEnds: 'document/expires_on',
}
