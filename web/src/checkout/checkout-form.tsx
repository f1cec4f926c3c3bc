import { useEffect, useState } from 'react'
import type { Offer } from '../api/types.ts'
import { offerCounts } from '../ui/fare-words.ts'
import panel from '../ui/panel.module.css'
import { changeWords, refundWords } from '../ui/penalty-words.ts'
import { BookingForm, type GoodsFormProps } from './booking-form.tsx'
import { findDraftFaults, toFaults } from './draft-faults.ts'
import { loadDraft, saveDraft, toOrder, type Draft, type PassengerDraft } from './draft.ts'
import { PassengerFields } from './passenger-fields.tsx'
import { PaySection } from './pay-section.tsx'
import { SandboxHelp } from './sandbox-help.tsx'

/** Who travels and where tickets go, then the payment. What is typed stays in this tab until it is booked. */
export function CheckoutForm(props: GoodsFormProps<Offer>) {
  const { offer } = props
  const [draft, setDraft] = useState<Draft>(() => loadDraft(offer))
  useEffect(() => saveDraft(draft), [draft])
  const travellers = offerCounts(offer).total

  const changePassenger = (index: number, change: Partial<PassengerDraft>) =>
    setDraft((before) => ({ ...before, passengers: before.passengers.map((each, i) => (i === index ? { ...each, ...change } : each)) }))

  return (
    <BookingForm
      {...props}
      label="Travellers and payment"
      contactTitle="Where tickets and news go"
      contact={draft}
      onContact={(change) => setDraft((before) => ({ ...before, ...change }))}
      findFaults={() => findDraftFaults(draft, offer.slices)}
      readFaults={(errors) => toFaults(errors, draft)}
      toOrder={(total) => toOrder(draft, offer.id, total)}
      people={(faults, forget) => (
        <section className={`${panel.panel} ${panel.stack}`} aria-labelledby="travellers">
          <h2 id="travellers" className={panel.heading}>
            Travellers
          </h2>
          {draft.passengers.map((passenger, i) => (
            <PassengerFields
              key={i}
              index={i}
              value={passenger}
              faults={faults}
              onChange={(change) => {
                changePassenger(i, change)
                forget(...Object.keys(change).map((key) => `/passengers/${i}/${pointerOf[key as keyof PassengerDraft] ?? key}`))
              }}
            />
          ))}
          <SandboxHelp seller="airline" />
        </section>
      )}
      pay={(total, step) => (
        <PaySection
          total={total}
          totalWords={`charged in ${total.currency}, for ${travellers} ${travellers === 1 ? 'traveller' : 'travellers'}, everything included`}
          terms={[
            'You pay on the payment provider’s page. Your card number never reaches us.',
            'The airline then issues the ticket. You can close the page; we e-mail you.',
            'If the airline refuses or raises the price, you get everything back.',
            `This fare: ${lowerFirst(refundWords(offer))}; ${lowerFirst(changeWords(offer))}.`,
          ]}
          seller="airline"
          bookableUntil={props.bookableUntil}
          step={step}
        />
      )}
    />
  )
}

function lowerFirst(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1)
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
