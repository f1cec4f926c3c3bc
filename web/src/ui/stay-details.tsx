import type { StayOffer } from '../api/types.ts'
import styles from './stay-details.module.css'
import { boardWords, cancellationWords, dueWords, nightsWords, plainCase, roomGuestsWords } from './stay-words.ts'
import { dayWords } from './time-words.ts'

/** A stay in full but for its price: where, when, who sleeps where, what is included and what cancelling costs. */
export function StayDetails(props: { stay: StayOffer }) {
  const { stay } = props
  const due = dueWords(stay)
  return (
    <div className={styles.stay}>
      <p className={styles.name}>{stay.property.name}</p>
      <dl className={styles.facts}>
        <div>
          <dt>Check-in</dt>
          <dd>{dayWords(stay.check_in)}</dd>
        </div>
        <div>
          <dt>Check-out</dt>
          <dd>
            {dayWords(stay.check_out)}, {nightsWords(stay.nights)}
          </dd>
        </div>
        {stay.rooms.map((room, i) => (
          <div key={i}>
            <dt>{stay.rooms.length === 1 ? 'Room' : `Room ${i + 1}`}</dt>
            <dd>
              {plainCase(room.name)}, for {roomGuestsWords(room.adults, room.child_ages)}
            </dd>
          </div>
        ))}
        <div>
          <dt>Meals</dt>
          <dd>{boardWords(stay)}</dd>
        </div>
        <div>
          <dt>Cancelling, by your clock</dt>
          <dd>
            <ul>
              {cancellationWords(stay, Date.now()).map((words) => (
                <li key={words}>{words}</li>
              ))}
            </ul>
          </dd>
        </div>
        {due.length === 0 ? null : (
          <div>
            <dt>Also due at the hotel</dt>
            <dd>
              <ul>
                {due.map((words) => (
                  <li key={words}>{words}</li>
                ))}
              </ul>
            </dd>
          </div>
        )}
        {stay.remarks.length === 0 ? null : (
          <div>
            <dt>The hotel says</dt>
            <dd>
              {stay.remarks.map((remark) => (
                <p key={remark}>{remark}</p>
              ))}
            </dd>
          </div>
        )}
      </dl>
    </div>
  )
}
