import { useMediaQuery } from '@mantine/hooks'
import { Link, useSearch } from '@tanstack/react-router'
import { usePageTitle } from '../ui/page-title.ts'
import panel from '../ui/panel.module.css'
import { addDays, dayWords, today } from '../ui/time-words.ts'
import { Wire } from '../ui/wire.tsx'
import { GoodsSwitch } from './goods-switch.tsx'
import { SearchForm } from './search-form.tsx'
import styles from './search.module.css'

const examples = [
  { label: 'Jakarta to Tokyo', origin: 'CGK', destination: 'NRT', daysAhead: 60 },
  { label: 'London to Athens', origin: 'LHR', destination: 'ATH', daysAhead: 45 },
  { label: 'Singapore to Sydney', origin: 'SIN', destination: 'SYD', daysAhead: 30 },
]

/** Home: where to, when, who. */
export function SearchScreen() {
  const search = useSearch({ from: '/' })
  const isWide = useMediaQuery('(min-width: 900px)', window.innerWidth >= 900, { getInitialValueInEffect: false })
  usePageTitle('Search flights')
  return (
    <main className={panel.page}>
      <div className={styles.intro}>
        <h1 className={styles.title}>One search, every source, the whole price.</h1>
        <p className="muted">Fares of several suppliers in one list. The price you see is for everyone, taxes and fees included.</p>
      </div>
      <GoodsSwitch />
      <SearchForm search={search} />
      <section className={styles.examples} aria-labelledby="examples">
        <h2 id="examples" className={styles.smallHeading}>
          Try one
        </h2>
        <ul className={panel.row}>
          {examples.map((example) => {
            const date = addDays(today(), example.daysAhead)
            return (
              <li key={example.label}>
                <Link
                  to="/flights"
                  search={{ origin: example.origin, destination: example.destination, departure_date: date }}
                  preload={false}
                  className={styles.example}
                >
                  {example.label}
                  <span className="small muted">{dayWords(date, false)}</span>
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
              label: 'You pay once',
              detail: 'Pressing twice or losing the connection never books or charges twice.',
            },
            {
              key: 'ticket',
              state: 'done',
              label: 'The airline issues the ticket',
              detail: 'Each step shows its time. Close the page whenever you like; we e-mail you.',
            },
            {
              key: 'refund',
              state: 'todo',
              label: 'Or you get it all back',
              detail: 'If the airline refuses, the refund says who holds the money, how much, and by when.',
            },
          ]}
        />
      </section>
    </main>
  )
}
