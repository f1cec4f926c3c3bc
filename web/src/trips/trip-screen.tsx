import { Button } from '@mantine/core'
import { useParams, useSearch } from '@tanstack/react-router'
import type { Booking } from '../api/types.ts'
import { Announcer } from '../ui/announce.tsx'
import { ButtonLink } from '../ui/button-link.tsx'
import { SliceWire } from '../ui/itinerary.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import panel from '../ui/panel.module.css'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { instantWords, stampWords } from '../ui/time-words.ts'
import { Wire } from '../ui/wire.tsx'
import { MoneyPanel } from './money-panel.tsx'
import { PayPanel } from './pay-panel.tsx'
import { RefundPanel } from './refund-panel.tsx'
import { toStages } from './stages.ts'
import { TicketPanel } from './ticket-panel.tsx'
import styles from './trips.module.css'
import { isSettled, useLiveBooking } from './use-live-booking.ts'

/** One booking, live. Its own address: it can be closed and opened again at any time. */
export function TripScreen() {
  const { bookingId } = useParams({ from: '/trips/$bookingId' })
  const { payment } = useSearch({ from: '/trips/$bookingId' })
  const { booking, problem, isLive, refetch } = useLiveBooking(bookingId)
  usePageTitle(booking === undefined ? 'Booking' : headlines[booking.stage])
  if (booking === undefined) {
    return (
      <main className={`${panel.page} ${panel.stack}`} aria-busy={problem === null}>
        <h1 className={panel.title}>Booking</h1>
        {problem === null ? (
          <p className="muted">Looking it up</p>
        ) : (
          <ProblemNotice
            cause={problem}
            actions={
              <>
                <Button onClick={() => void refetch()}>Look again</Button>
                <ButtonLink variant="outline" to="/">
                  Search flights
                </ButtonLink>
              </>
            }
          />
        )}
      </main>
    )
  }
  return <Trip booking={booking} isLive={isLive} payment={payment} />
}

const headlines: Record<Booking['stage'], string> = {
  awaiting_payment: 'Waiting for your payment',
  confirming: 'Paid. Waiting for the airline',
  ticketed: 'Your ticket is issued',
  refunding: 'Not ticketed. Your money is on its way back',
  refunded: 'Not ticketed. Refunded in full',
  cancelled: 'Cancelled',
}

function Trip(props: { booking: Booking; isLive: boolean; payment: string | undefined }) {
  const { booking } = props
  const first = booking.offer.slices[0]
  return (
    <main className={panel.page}>
      <p className="small muted">
        Booking <span className="code">{booking.reference}</span>
        {first === undefined ? '' : ` · ${first.origin} to ${first.destination}`}
      </p>
      <h1 className={panel.title}>{headlines[booking.stage]}</h1>
      <Announcer text={`${headlines[booking.stage]}. ${booking.timeline.at(-1)?.text ?? ''}.`} />
      <div className={styles.columns}>
        <div className={panel.stack}>
          {booking.stage === 'awaiting_payment' ? (
            <PayPanel booking={booking} wasCancelled={props.payment === 'cancelled'} hasReturned={props.payment === 'returned'} />
          ) : null}
          {booking.promise === null ? null : <PromiseNote booking={booking} />}
          {booking.stage === 'ticketed' ? <TicketPanel booking={booking} /> : null}
          {booking.refund === null ? null : <RefundPanel booking={booking} refund={booking.refund} />}
          {booking.stage === 'cancelled' && booking.refund === null ? (
            <p>
              The time to pay ended. Nothing was charged, and the seats are free again. <ButtonLinkAgain booking={booking} />
            </p>
          ) : null}
          <section className={panel.panel} aria-labelledby="journey">
            <h2 id="journey" className={`${panel.heading} ${styles.gap}`}>
              Where your booking is
            </h2>
            <Wire
              label="Stages"
              nodes={toStages(booking).map((stage) => ({
                key: stage.key,
                state: stage.state,
                label: stage.label,
                ...(stage.detail === undefined ? {} : { detail: stage.detail }),
                ...(stage.at === undefined ? {} : { aside: stampWords(stage.at) }),
              }))}
            />
            <p className={`small muted ${styles.live}`}>{liveWords(booking, props.isLive)}</p>
            <details className={styles.disclosure}>
              <summary>Everything that happened</summary>
              <ol className={styles.log}>
                {booking.timeline.map((entry, i) => (
                  <li key={`${entry.at}${i}`}>
                    <time dateTime={entry.at} className="num">
                      {stampWords(entry.at)}
                    </time>{' '}
                    {entry.text}
                  </li>
                ))}
              </ol>
            </details>
          </section>
        </div>
        <div className={panel.stack}>
          <section className={`${panel.panel} ${panel.stack}`} aria-labelledby="trip">
            <h2 id="trip" className={panel.heading}>
              The journey
            </h2>
            {booking.offer.slices.map((slice, i) => (
              <SliceWire key={`${slice.origin}${i}`} slice={slice} withDay />
            ))}
            <ul className="small muted">
              {booking.passengers.map((passenger, i) => (
                <li key={i}>
                  {passenger.given_name} {passenger.family_name}, {passenger.type}
                </li>
              ))}
              <li>News go to {booking.contact.email}</li>
            </ul>
          </section>
          <MoneyPanel booking={booking} />
        </div>
      </div>
    </main>
  )
}

/** What is promised while the airline is silent, and by when. */
function PromiseNote(props: { booking: Booking }) {
  const { promise } = props.booking
  if (promise === null) return null
  return (
    <section className={styles.promise} aria-label="What we promise">
      <p>{promise.text}</p>
      <p className={styles.promiseBy}>
        Answer or full refund by{' '}
        <time dateTime={promise.answer_by} className="num">
          {instantWords(promise.answer_by, Date.now())}
        </time>
      </p>
    </section>
  )
}

function ButtonLinkAgain(props: { booking: Booking }) {
  const first = props.booking.offer.slices[0]
  const day = first?.segments[0]?.departure.local.slice(0, 10)
  if (first === undefined || day === undefined) return null
  return (
    <ButtonLink
      variant="light"
      size="compact-md"
      to="/flights"
      search={{ origin: first.origin, destination: first.destination, departure_date: day }}
    >
      Search again
    </ButtonLink>
  )
}

function liveWords(booking: Booking, isLive: boolean): string {
  if (isSettled(booking)) return 'Nothing more is to come. This page keeps its address.'
  return isLive ? 'Live. You can close this page; we e-mail you.' : 'Asking every 3 s. You can close this page; we e-mail you.'
}
