import { useMediaQuery } from '@mantine/hooks'
import { Link, useSearch } from '@tanstack/react-router'
import { usePageTitle } from '../ui/page-title.ts'
import panel from '../ui/panel.module.css'
import { addDays, dayWords, today } from '../ui/time-words.ts'
import { Wire } from '../ui/wire.tsx'
import { GoodsSwitch } from './goods-switch.tsx'
import styles from './search.module.css'
import { StayForm } from './stay-form.tsx'

const examples = [
  { label: 'Barcelona', place: 'BCN', daysAhead: 60, nights: 3 },
  { label: 'Tokyo', place: 'TYO', daysAhead: 45, nights: 5 },
  { label: 'London', place: 'LON', daysAhead: 30, nights: 2 },
]

/** Home of hotels: where, when, who. */
export function StaySearchScreen() {
  const search = useSearch({ from: '/hotels' })
  const isWide = useMediaQuery('(min-width: 900px)', window.innerWidth >= 900, { getInitialValueInEffect: false })
  usePageTitle('Search hotels')
  return (
    <main className={panel.page}>
      <div className={styles.intro}>
        <h1 className={styles.title}>One search, every source, the whole price.</h1>
        <p className="muted">Rooms of several suppliers in one list. The price you see is for all rooms and the whole stay.</p>
      </div>
      <GoodsSwitch />
      <StayForm search={search} />
      <section className={styles.examples} aria-labelledby="examples">
        <h2 id="examples" className={styles.smallHeading}>
          Try one
        </h2>
        <ul className={panel.row}>
          {examples.map((example) => {
            const checkIn = addDays(today(), example.daysAhead)
            return (
              <li key={example.label}>
                <Link
                  to="/stays"
                  search={{ place: example.place, check_in: checkIn, check_out: addDays(checkIn, example.nights) }}
                  preload={false}
                  className={styles.example}
                >
                  {example.label}
                  <span className="small muted">
                    {dayWords(checkIn, false)}, {example.nights} nights
                  </span>
                </Link>
              </li>
            )
          })}
        </ul>
      </section>
      <section className={styles.promises} aria-labelledby="promises">
        <h2 id="promises" className={styles.smallHeading}>
          How a booking travels
        </h2>
        <Wire
          label="How a booking travels"
          across={isWide}
          nodes={[
            {
              key: 'check',
              state: 'done',
              label: 'We check the price again',
              detail: 'Before you type anything. A dearer price is never accepted for you.',
            },
            {
              key: 'pay',
              state: 'done',
              label: 'You pay once, or at the hotel',
              detail: 'Each rate says which. Pressing twice never books or charges twice.',
            },
            {
              key: 'voucher',
              state: 'done',
              label: 'The hotel confirms',
              detail: 'You get its confirmation number and a voucher, here and by e-mail.',
            },
            {
              key: 'refund',
              state: 'todo',
              label: 'Or you get it all back',
              detail: 'If the hotel refuses, the refund says who holds the money, how much, and by when.',
            },
          ]}
        />
      </section>
    </main>
  )
}
