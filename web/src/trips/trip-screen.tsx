import { Button } from '@mantine/core'
import { useParams, useSearch } from '@tanstack/react-router'
import { lastSearch } from '../api/last-search.ts'
import { isStay, type Booking } from '../api/types.ts'
import { Announcer } from '../ui/announce.tsx'
import { ButtonLink } from '../ui/button-link.tsx'
import { SliceWire } from '../ui/itinerary.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import panel from '../ui/panel.module.css'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { StayDetails } from '../ui/stay-details.tsx'
import { instantWords, stampWords } from '../ui/time-words.ts'
import { Wire } from '../ui/wire.tsx'
import { ChangePanel } from './change-panel.tsx'
import { currentChanges } from './change-words.ts'
import { headlineOf, isPaidThere, sellerOf } from './goods.ts'
import { MoneyPanel } from './money-panel.tsx'
import { PayPanel } from './pay-panel.tsx'
import { RefundPanel } from './refund-panel.tsx'
import { toStages, wasRefused } from './stages.ts'
import { TicketPanel } from './ticket-panel.tsx'
import styles from './trips.module.css'
import { isSettled, useLiveBooking } from './use-live-booking.ts'

/** One booking, live. Its own address: it can be closed and opened again at any time. */
export function TripScreen() {
  const { bookingId } = useParams({ from: '/trips/$bookingId' })
  const { payment } = useSearch({ from: '/trips/$bookingId' })
  const { booking, problem, isLive, refetch, setBooking } = useLiveBooking(bookingId)
  usePageTitle(booking === undefined ? 'Booking' : headlineOf(booking, wasRefused(booking)))
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
  return <Trip booking={booking} isLive={isLive} payment={payment} onAnswer={setBooking} />
}

function Trip(props: { booking: Booking; isLive: boolean; payment: string | undefined; onAnswer: (booking: Booking) => void }) {
  const { booking } = props
  const headline = headlineOf(booking, wasRefused(booking))
  return (
    <main className={panel.page}>
      <p className="small muted">
        Booking <span className="code">{booking.reference}</span>
        {whereWords(booking)}
      </p>
      <h1 className={panel.title}>{headline}</h1>
      <Announcer text={`${headline}. ${booking.timeline.at(-1)?.text ?? ''}.`} />
      <div className={styles.columns}>
        <div className={panel.stack}>
          {booking.stage === 'awaiting_payment' ? (
            <PayPanel booking={booking} wasCancelled={props.payment === 'cancelled'} hasReturned={props.payment === 'returned'} />
          ) : null}
          {booking.promise === null ? null : <PromiseNote booking={booking} />}
          {currentChanges(booking).map((change) => (
            <ChangePanel key={change.seq} booking={booking} change={change} onAnswer={props.onAnswer} />
          ))}
          {booking.stage === 'ticketed'
            ? booking.items
                .filter((item) => item.ticketing === 'ticketed' || item.ticketing === 'returning')
                .map((item) => <TicketPanel key={item.id} item={item} reference={booking.reference} />)
            : null}
          {booking.refund === null ? null : <RefundPanel booking={booking} refund={booking.refund} />}
          {booking.stage === 'cancelled' && booking.refund === null ? (
            <p>
              {cancelledWords(booking)} <ButtonLinkAgain booking={booking} />
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
              {tripWord(booking)}
            </h2>
            {booking.items.map(({ id, offer }) =>
              isStay(offer) ? (
                <StayDetails key={id} stay={offer} />
              ) : (
                offer.slices.map((slice, i) => <SliceWire key={`${id}${slice.origin}${i}`} slice={slice} withDay />)
              ),
            )}
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

/** What is promised while the seller is silent, and by when. */
function PromiseNote(props: { booking: Booking }) {
  const { promise } = props.booking
  if (promise === null) return null
  return (
    <section className={styles.promise} aria-label="What we promise">
      <p>{promise.text}</p>
      <p className={styles.promiseBy}>
        {isPaidThere(props.booking) ? 'Answer by' : 'Answer or full refund by'}{' '}
        <time dateTime={promise.answer_by} className="num">
          {instantWords(promise.answer_by, Date.now())}
        </time>
      </p>
    </section>
  )
}

/** " · CGK to NRT", " · Grand Lisbon Palace". */
function whereWords({ offer }: Booking): string {
  if (isStay(offer)) return ` · ${offer.property.name}`
  const first = offer.slices[0]
  return first === undefined ? '' : ` · ${first.origin} to ${first.destination}`
}

function cancelledWords(booking: Booking): string {
  const seller = sellerOf(booking)
  const free = seller === 'hotel' ? 'rooms' : 'seats'
  if (wasRefused(booking)) return `The ${seller} did not confirm. Nothing was charged, and nothing is to be paid.`
  if (isPaidThere(booking)) return 'The time to book ended. Nothing was charged, and the rooms are free again.'
  return `The time to pay ended. Nothing was charged, and the ${free} are free again.`
}

function ButtonLinkAgain(props: { booking: Booking }) {
  const { offer } = props.booking
  if (isStay(offer)) {
    const last = lastSearch()
    return last?.to === '/stays' ? (
      <ButtonLink variant="light" size="compact-md" to="/stays" search={last.search}>
        Search again
      </ButtonLink>
    ) : (
      <ButtonLink variant="light" size="compact-md" to="/hotels" search={{ check_in: offer.check_in, check_out: offer.check_out }}>
        Search again
      </ButtonLink>
    )
  }
  const first = offer.slices[0]
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

function tripWord(booking: Booking): string {
  if (booking.items.length > 1) return 'The trip'
  return isStay(booking.offer) ? 'The stay' : 'The journey'
}

function liveWords(booking: Booking, isLive: boolean): string {
  if (isSettled(booking)) return 'Nothing more is to come. This page keeps its address.'
  return isLive ? 'Live. You can close this page; we e-mail you.' : 'Asking every 3 s. You can close this page; we e-mail you.'
}
