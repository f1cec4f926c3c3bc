import { Button } from '@mantine/core'
import { useState } from 'react'
import { answerChange } from '../api/answer-change.ts'
import type { Booking, ChangeAction, ScheduleChange, Slice } from '../api/types.ts'
import { SliceWire } from '../ui/itinerary.tsx'
import { moneyWords } from '../ui/money-words.ts'
import { Notice } from '../ui/notice.tsx'
import panel from '../ui/panel.module.css'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { instantWords } from '../ui/time-words.ts'
import { priceOf, wordsOf } from './change-words.ts'
import styles from './trips.module.css'

/** A change of the airline's: what was, what is now, what can be done, and by when. */
export function ChangePanel(props: { booking: Booking; change: ScheduleChange; onAnswer: (booking: Booking) => void }) {
  const { change } = props
  const words = wordsOf(change)
  if (words === null) return null
  const heading = `change-${change.seq}`
  const isOver = change.status === 'accepted'
  return (
    <section className={`${panel.panel} ${panel.stack}`} aria-labelledby={heading}>
      <h2 id={heading} className={panel.heading}>
        {words.title}
      </h2>
      <Notice tone={words.tone}>
        <p>{words.text}</p>
      </Notice>
      {isOver ? null : <Flights label="Before" slices={change.removed} />}
      {isOver ? null : <Flights label="Now" slices={change.added} />}
      {change.actions.length === 0 || change.respond_by === null ? null : (
        <p className={styles.promiseBy}>
          {change.is_material ? 'Answer by' : 'Accepted for you on'}{' '}
          <time dateTime={change.respond_by} className="num">
            {instantWords(change.respond_by, Date.now())}
          </time>
        </p>
      )}
      {change.actions.length === 0 ? null : <Answers {...props} />}
    </section>
  )
}

function Flights(props: { label: string; slices: readonly Slice[] }) {
  if (props.slices.length === 0) return null
  return (
    <div role="group" aria-label={props.label}>
      <p className="small muted" aria-hidden="true">
        {props.label}
      </p>
      {props.slices.map((slice, i) => (
        <SliceWire key={`${slice.origin}${i}`} slice={slice} withDay />
      ))}
    </div>
  )
}

function Answers(props: { booking: Booking; change: ScheduleChange; onAnswer: (booking: Booking) => void }) {
  const { booking, change } = props
  const [sending, setSending] = useState<ChangeAction | null>(null)
  const [asks, setAsks] = useState(false)
  const [problem, setProblem] = useState<unknown>(null)
  const price = priceOf(booking, change)
  const amount = price === undefined ? 'its full price' : moneyWords(price)

  const answer = async (action: ChangeAction) => {
    setSending(action)
    setProblem(null)
    try {
      props.onAnswer(await answerChange(booking.id, change.seq, action))
    } catch (cause) {
      setProblem(cause)
    }
    setSending(null)
    setAsks(false)
  }
  return (
    <>
      {asks ? (
        <div role="group" aria-label="Give the ticket back?" className={panel.stack}>
          <p>The ticket is then no longer valid, and you get {amount} back. This cannot be undone.</p>
          <div className={styles.answers}>
            <Button color="red" loading={sending === 'refund'} onClick={() => void answer('refund')} autoFocus>
              Yes, give it back
            </Button>
            <Button variant="outline" disabled={sending !== null} onClick={() => setAsks(false)}>
              Keep the ticket
            </Button>
          </div>
        </div>
      ) : (
        <div className={styles.answers}>
          {change.actions.includes('accept') ? (
            <Button loading={sending === 'accept'} disabled={sending !== null} onClick={() => void answer('accept')}>
              Take the new flight
            </Button>
          ) : null}
          {change.actions.includes('refund') ? (
            <Button variant="outline" disabled={sending !== null} onClick={() => setAsks(true)}>
              Give the ticket back for {amount}
            </Button>
          ) : null}
        </div>
      )}
      {problem === null ? null : <ProblemNotice cause={problem} />}
    </>
  )
}
