import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { FlightSearch } from '../api/flight-search.ts'
import { priceGridQuery } from '../api/prices.ts'
import type { PriceCell } from '../api/types.ts'
import { dayWords, today } from '../ui/time-words.ts'
import { cellAt, cellText, cellWords, daysAround, onDays } from './price-grid.ts'
import styles from './date-strip.module.css'

/**
 * What the search costs three days either way, as earlier searches found it: a strip of days for one way, a table folded
 * away for a return. Choosing one searches it. Its room is kept whether or not prices come.
 */
export function DateStrip(props: { search: FlightSearch; isSettled: boolean }) {
  const { search } = props
  const grid = useQuery({ ...priceGridQuery(search, props.isSettled), placeholderData: (previous) => previous })
  const departure = search.departure_date
  if (search.slice !== undefined || departure === undefined) return null
  const cells = grid.data?.data ?? []
  if (search.return_date !== undefined)
    return <DateTable search={search} cells={cells} departure={departure} returning={search.return_date} />
  return (
    <nav aria-label="Prices of the days around" className={styles.strip}>
      <ol>
        {daysAround(departure).map((day) => (
          <li key={day}>
            <DayLink search={search} cell={cellAt(cells, day, null)} isCurrent={day === departure} withDay />
          </li>
        ))}
      </ol>
    </nav>
  )
}

function DateTable(props: { search: FlightSearch; cells: readonly PriceCell[]; departure: string; returning: string }) {
  const departures = daysAround(props.departure)
  return (
    <details className={styles.folded}>
      <summary>Prices of the days around</summary>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <caption className="said">Total prices found earlier, by day of departure and day of return. A dash is not known.</caption>
          <thead>
            <tr>
              <th scope="col">
                <span className={styles.corner}>Return ↓ Departure →</span>
              </th>
              {departures.map((day) => (
                <th key={day} scope="col" aria-current={day === props.departure ? 'date' : undefined}>
                  {dayWords(day, false)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {daysAround(props.returning).map((back) => (
              <tr key={back}>
                <th scope="row" aria-current={back === props.returning ? 'date' : undefined}>
                  {dayWords(back, false)}
                </th>
                {departures.map((day) => (
                  <td key={day}>
                    <DayLink
                      search={props.search}
                      cell={cellAt(props.cells, day, back)}
                      isCurrent={day === props.departure && back === props.returning}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

function DayLink(props: { search: FlightSearch; cell: PriceCell; isCurrent: boolean; withDay?: boolean }) {
  const { cell } = props
  const [weekday, ...date] = dayWords(cell.departure_date, false).split(' ')
  const isPossible = cell.state !== 'impossible' && cell.departure_date >= today() && cell.departure_date <= (cell.return_date ?? '9999')
  const words = isPossible || props.isCurrent ? cellWords(cell) : cellWords({ ...cell, state: 'impossible', price: null })
  const content = (
    <>
      <span aria-hidden="true" className={styles.seen}>
        {props.withDay === true ? (
          <span className={styles.day}>
            {weekday} <span>{date.join(' ')}</span>
          </span>
        ) : null}
        <span className={styles.price}>{cellText(cell)}</span>
        {cell.is_cheapest ? <span className={styles.lowest}>lowest</span> : null}
      </span>
      <span className="said">{words}</span>
    </>
  )
  if (props.isCurrent) {
    return (
      <span className={styles.current} aria-current="date">
        {content}
      </span>
    )
  }
  if (!isPossible) return <span className={styles.off}>{content}</span>
  return (
    <Link to="/flights" search={onDays(props.search, cell)} preload={false} resetScroll={false} className={styles.link}>
      {content}
    </Link>
  )
}
