import { useEffect, useState } from 'react'
import type { StayOffer } from '../api/types.ts'
import panel from '../ui/panel.module.css'
import { dueWords, freeCancellationWords, nightsWords } from '../ui/stay-words.ts'
import { BookingForm, type GoodsFormProps } from './booking-form.tsx'
import { PaySection } from './pay-section.tsx'
import { RoomGuestFields } from './room-guest-fields.tsx'
import { SandboxHelp } from './sandbox-help.tsx'
import { findStayFaults, loadStayDraft, saveStayDraft, toStayFaults, toStayOrder, type RoomDraft, type StayDraft } from './stay-draft.ts'

/** Who stays and where the voucher goes, then the payment, now or at the hotel. What is typed stays in this tab. */
export function StayForm(props: GoodsFormProps<StayOffer>) {
  const { offer: stay } = props
  const [draft, setDraft] = useState<StayDraft>(() => loadStayDraft(stay))
  useEffect(() => saveStayDraft(draft), [draft])
  const isPaidThere = stay.pay_at === 'property'

  const changeRoom = (index: number, change: Partial<RoomDraft>) =>
    setDraft((before) => ({ ...before, rooms: before.rooms.map((room, i) => (i === index ? { ...room, ...change } : room)) }))

  return (
    <BookingForm
      {...props}
      label="Guests and payment"
      contactTitle="Where the voucher and news go"
      contact={draft}
      onContact={(change) => setDraft((before) => ({ ...before, ...change }))}
      findFaults={() => findStayFaults(draft)}
      readFaults={(errors) => toStayFaults(errors, draft)}
      toOrder={(total) => toStayOrder(draft, stay.id, total)}
      people={(faults, forget) => (
        <section className={`${panel.panel} ${panel.stack}`} aria-labelledby="guests">
          <h2 id="guests" className={panel.heading}>
            Guests
          </h2>
          <p className="small muted">One adult of each room, as in the passport or identity card shown at the hotel.</p>
          {draft.rooms.map((room, i) => (
            <RoomGuestFields
              key={i}
              index={i}
              isOnly={draft.rooms.length === 1}
              room={room}
              offered={stay.rooms[i]}
              faults={faults}
              onChange={(change, pointers) => {
                changeRoom(i, change)
                forget(...pointers)
              }}
            />
          ))}
          <SandboxHelp seller="hotel" />
        </section>
      )}
      pay={(total, step) => (
        <PaySection
          total={total}
          totalWords={`${isPaidThere ? `paid at the hotel, told in ${total.currency}` : `charged in ${total.currency}`}, for ${stay.rooms.length === 1 ? '1 room' : `${stay.rooms.length} rooms`}, ${nightsWords(stay.nights)}`}
          terms={termsOf(stay)}
          seller="hotel"
          isPaidThere={isPaidThere}
          bookableUntil={props.bookableUntil}
          step={step}
        />
      )}
    />
  )
}

function termsOf(stay: StayOffer): string[] {
  const due = dueWords(stay)
  return [
    ...(stay.pay_at === 'property'
      ? ['Nothing is charged now. You pay at the hotel, in its own currency.', 'The hotel confirms. You can close the page; we e-mail you.']
      : [
          'You pay on the payment provider’s page. Your card number never reaches us.',
          'The hotel then confirms. You can close the page; we e-mail you.',
          'If the hotel refuses or raises the price, you get everything back.',
        ]),
    ...(due.length === 0 ? [] : [`Also due at the hotel: ${due.join('; ')}.`]),
    `This rate: ${freeCancellationWords(stay, Date.now()).replace(/^./, (letter) => letter.toLowerCase())}.`,
  ]
}
