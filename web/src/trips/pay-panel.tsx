import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { serverNowMs } from '../api/clock.ts'
import { openPayment } from '../api/open-payment.ts'
import type { Booking } from '../api/types.ts'
import { moneyWords } from '../ui/money-words.ts'
import { Notice } from '../ui/notice.tsx'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { instantWords } from '../ui/time-words.ts'
import { useNow } from '../ui/time.tsx'
import { isPaidThere } from './goods.ts'

/** A payment's confirmation reaches us seconds after the traveller does; until then nobody is asked to pay again. */
const confirmationMs = 20_000

/** What to do about a booking that is not paid, so far as we know. */
export function PayPanel(props: { booking: Booking; wasCancelled: boolean; hasReturned: boolean }) {
  const { booking } = props
  const [openedAtMs] = useState(() => performance.now())
  useNow(1_000)
  const isAwaited = props.hasReturned && performance.now() - openedAtMs < confirmationMs
  const dueBy = booking.payment_required_by
  const isOver = Date.parse(dueBy) <= serverNowMs()
  if (isAwaited) {
    return (
      <Notice tone="info" title="Waiting for the payment’s confirmation">
        <p>This takes a few seconds. Don’t pay again.</p>
      </Notice>
    )
  }
  if (isOver) {
    return (
      <Notice tone="warn" title="The time to pay has ended">
        <p>This booking is being cancelled. A payment that still arrives is returned in full.</p>
      </Notice>
    )
  }
  if (isPaidThere(booking)) {
    return (
      <Notice tone="info" title="Not sent to the hotel yet" actions={<PayButton booking={booking} isAgain={false} />}>
        <p>Nothing is charged now. Your booking is kept until {instantWords(dueBy, Date.now())}.</p>
      </Notice>
    )
  }
  return (
    <Notice
      tone={props.wasCancelled ? 'warn' : 'info'}
      title={props.wasCancelled ? 'You left the payment page' : 'Not paid yet'}
      actions={<PayButton booking={booking} isAgain={props.wasCancelled || props.hasReturned} />}
    >
      <p>
        {props.wasCancelled ? 'No money left your account.' : 'Nothing charged so far.'} Your booking is kept until{' '}
        {instantWords(dueBy, Date.now())}.
      </p>
    </Notice>
  )
}

function PayButton(props: { booking: Booking; isAgain: boolean }) {
  const { booking } = props
  const [isOpening, setOpening] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  useEffect(() => {
    const wake = (event: PageTransitionEvent) => {
      if (event.persisted) setOpening(false)
    }
    window.addEventListener('pageshow', wake)
    return () => window.removeEventListener('pageshow', wake)
  }, [])

  const pay = async () => {
    setOpening(true)
    setProblem(null)
    try {
      const address = await openPayment(booking.id, booking.total)
      if (address === null) {
        setOpening(false)
        return
      }
      window.location.assign(address)
    } catch (cause) {
      setProblem(cause)
      setOpening(false)
    }
  }
  return (
    <>
      <Button loading={isOpening} onClick={() => void pay()}>
        {isPaidThere(booking) ? 'Book now, pay at the hotel' : `${props.isAgain ? 'Pay again' : 'Pay'} ${moneyWords(booking.total)}`}
      </Button>
      {problem === null ? null : <ProblemNotice cause={problem} saysMoney />}
    </>
  )
}
