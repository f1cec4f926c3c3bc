import { NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { toQueryString, type FlightSearch } from '../api/flight-search.ts'
import { getOffers } from '../api/offers.ts'
import type { Offer } from '../api/types.ts'
import { roughMoneyWords } from '../ui/money-words.ts'
import { durationWords } from '../ui/time-words.ts'
import { furtherSorts, sortOf, tabSorts, totalMinutes } from './sorts.ts'
import styles from './sort-tabs.module.css'

type SortTabsProps = { search: FlightSearch; isSettled: boolean; first: Offer | undefined; onChange: (sort: string) => void }

/** The orders: the three asked for most, each with what its first fare costs and takes, and the others in a list. */
export function SortTabs(props: SortTabsProps) {
  const current = sortOf(props.search)
  const isFurther = furtherSorts.some((sort) => sort.value === current)
  return (
    <div className={styles.sorting}>
      <div className={styles.tabs} role="group" aria-label="Order">
        {tabSorts.map((sort) => (
          <SortTab key={sort.value} {...props} sort={sort.value} label={sort.label} isCurrent={current === sort.value} />
        ))}
      </div>
      <div className={styles.sortRow}>
        <details className={styles.how}>
          <summary>How we sort</summary>
          <HowWeSort />
        </details>
        <NativeSelect
          size="sm"
          aria-label="Other orders"
          className={styles.otherSorts}
          value={isFurther ? current : ''}
          data={[{ value: '', label: 'Other orders', disabled: isFurther }, ...furtherSorts]}
          onChange={(event) => {
            if (event.currentTarget.value !== '') props.onChange(event.currentTarget.value)
          }}
        />
      </div>
    </div>
  )
}

function HowWeSort() {
  return (
    <div className={styles.howText}>
      <p>
        <strong>Best</strong> gives every fare points; the fewest stand first:
      </p>
      <ul>
        <li>1,000 × its total price ÷ the lowest total price found,</li>
        <li>400 × its time from departure to arrival, all flights together, ÷ the shortest found,</li>
        <li>60 for each stop, counted in the flight with the most stops,</li>
        <li>150 if the date changes during a connection,</li>
        <li>200 if it is two separate tickets with nobody answering for the connection.</li>
      </ul>
      <p>
        Each is rounded to whole points. Lowest and shortest are of all fares found, whatever you filter. A time nobody states counts as the
        longest found; if none is known, time gives no points.
      </p>
      <p>
        <strong>Cheapest</strong>: total price for everyone. <strong>Fastest</strong>: time from departure to arrival, all flights together.{' '}
        <strong>Departs</strong> and <strong>arrives earliest</strong>: the first flight, by the clock there.{' '}
        <strong>Price with a bag</strong>: fares with a checked bag first, then those that do not say, then those without; each by price.
      </p>
      <p>What is not known comes last, equals are ordered by price. Nobody pays to stand higher.</p>
    </div>
  )
}

function SortTab(props: SortTabsProps & { sort: string; label: string; isCurrent: boolean }) {
  const search: FlightSearch = { ...props.search, sort: props.sort }
  const peek = useQuery({
    queryKey: ['first-offer', toQueryString(search)],
    queryFn: async ({ signal }) => (await getOffers(search, { limit: '1', signal })).answer.data[0] ?? null,
    enabled: props.isSettled && !props.isCurrent,
    staleTime: 5 * 60_000,
  })
  const first = props.isCurrent ? props.first : peek.data
  return (
    <button type="button" className={styles.tab} aria-pressed={props.isCurrent} onClick={() => props.onChange(props.sort)}>
      <span className={styles.tabLabel}>{props.label}</span>
      <span className={styles.tabDetail}>
        {first === undefined || first === null ? (
          ' '
        ) : (
          <>
            <span>{roughMoneyWords(first.total)}</span>
            <span>{durationWords(totalMinutes(first))}</span>
          </>
        )}
      </span>
    </button>
  )
}
