import { secondsSince } from '../api/price-age.ts'
import { compareMoney, moneyWords } from '../ui/money-words.ts'
import { agoWords, millisecondsWords } from '../ui/time-words.ts'
import { useNow } from '../ui/time.tsx'
import type { OfferFeed } from './offer-feed.ts'
import type { OfferList, Row } from './offer-list.ts'
import styles from './list.module.css'

const oldSeconds = 600

/** The search in one sentence: who was asked, who answered, how old the prices are. */
export function ProgressLine<R extends Row, F>(props: { feed: OfferFeed<R, F>; onAskAgain: () => void }) {
  const { feed } = props
  const answered = feed.sources.filter((source) => source.state === 'answered').length
  const silent = feed.sources.filter((source) => source.state !== 'answered' && source.state !== 'asked')
  const least = feed.offers.reduce<R | null>(
    (best, offer) => (best === null || compareMoney(offer.total, best.total) < 0 ? offer : best),
    null,
  )
  if (feed.sources.length === 0) return <p className={styles.progressLine}>{feed.isAsking ? 'Asking the sources' : ' '}</p>
  if (feed.isAsking) {
    return (
      <p className={styles.progressLine}>
        Asking {feed.sources.length} sources · {answered} answered{least === null ? '' : ` · cheapest so far ${moneyWords(least.total)}`}
      </p>
    )
  }
  return (
    <p className={styles.progressLine}>
      {answered} of {feed.sources.length} sources answered.
      {silent.map((source) =>
        source.state === 'timed_out'
          ? ` ${source.name} didn't reply in ${millisecondsWords(source.ms)}.`
          : ` ${source.name} failed${source.fault === null ? '' : ` (${source.fault.replaceAll('_', ' ')})`}.`,
      )}{' '}
      {silent.length === 0 ? null : (
        <button type="button" className={styles.textButton} onClick={props.onAskAgain}>
          Ask again
        </button>
      )}
      {feed.shown === null ? null : <PriceAge list={feed.shown} />}
    </p>
  )
}

function PriceAge(props: { list: Pick<OfferList, 'prices' | 'age'> }) {
  useNow(1_000)
  const words = ageWords(props.list)
  return words === '' ? null : <span className={styles.age}> {words}</span>
}

function ageWords({ prices, age }: Pick<OfferList, 'prices' | 'age'>): string {
  if (prices.is_stale) return 'Older prices, being checked again'
  const seconds = secondsSince(age)
  if (seconds === null) return ''
  return seconds > oldSeconds ? "Older price — we'll check it when you choose" : `Checked ${agoWords(seconds)}`
}
