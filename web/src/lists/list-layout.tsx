import { Button, Drawer } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useState, type ReactNode } from 'react'
import type { Source } from '../api/types.ts'
import { Announcer } from '../ui/announce.tsx'
import { CloseIcon, FilterIcon } from '../ui/icons.tsx'
import { roughMoneyWords } from '../ui/money-words.ts'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import styles from './list.module.css'
import { lateNews, type OfferFeed } from './offer-feed.ts'
import type { Row } from './offer-list.ts'
import { ProgressLine } from './progress-line.tsx'
import { SourceWire, type Noun } from './source-wire.tsx'

/** Who was asked and who answered, seen and said. */
export function SourcesSection<R extends Row, F>(props: {
  feed: OfferFeed<R, F>
  noun: Noun
  /** What sources count by; the rows unless said. */
  sourceNoun?: Noun
  onAskAgain: () => void
}) {
  const { feed, noun } = props
  return (
    <section aria-label="Sources" className={styles.progress}>
      <SourceWire sources={feed.sources} noun={props.sourceNoun ?? noun} />
      <ProgressLine feed={feed} onAskAgain={props.onAskAgain} />
      <Announcer text={announcement(feed.isAsking, feed.sources, countOf(feed.shown?.matching, noun), lateWordsOf(feed, noun))} />
    </section>
  )
}

type ListLayoutProps<R extends Row, F> = {
  feed: OfferFeed<R, F>
  noun: Noun
  /** Every filter; null until there is something to filter. */
  panel: ReactNode
  /** Those in force. */
  filters: readonly { key: string; label: string; onRemove: () => void }[]
  sorting: ReactNode
  /** Instead of rows, when there are none and nothing is being asked. */
  empty: ReactNode
  skeletons: ReactNode
  /** The ways on when the search failed. */
  problemActions: ReactNode
  row: (row: R) => ReactNode
  onClear: () => void
  onShowPending: () => void
  loadMore: () => Promise<void>
}

/** A list with its filters: beside it where there is room, in a drawer where there is none. */
export function ListLayout<R extends Row, F>(props: ListLayoutProps<R, F>) {
  const { feed, noun, panel, filters } = props
  const isWide = useMediaQuery('(min-width: 1000px)', window.innerWidth >= 1000, { getInitialValueInEffect: false })
  const [isFiltering, setFiltering] = useState(false)
  const [more, setMore] = useState<'idle' | 'loading' | { problem: unknown }>('idle')
  const { shown } = feed
  const lateWords = lateWordsOf(feed, noun)
  const title = noun.many.charAt(0).toUpperCase() + noun.many.slice(1)

  const load = async () => {
    setMore('loading')
    try {
      await props.loadMore()
      setMore('idle')
    } catch (problem) {
      setMore({ problem })
    }
  }

  return (
    <>
      <div className={styles.columns}>
        {isWide ? (
          <aside className={styles.side} aria-label="Filters">
            <h2 className={styles.sideTitle}>Filters</h2>
            {panel ?? <p className="muted small">Filters come with the first {noun.many}.</p>}
          </aside>
        ) : null}
        <div className={styles.main}>
          {props.sorting}
          <div className={styles.toolbar}>
            {isWide ? null : (
              <Button variant="outline" leftSection={<FilterIcon />} disabled={panel === null} onClick={() => setFiltering(true)}>
                Filters{filters.length === 0 ? '' : ` (${filters.length})`}
              </Button>
            )}
            <p className={styles.count}>{shown === null ? ' ' : countWords(shown.matching, shown.total, noun)}</p>
          </div>
          {filters.length === 0 ? null : (
            <ul className={styles.chips} aria-label="Filters in force">
              {filters.map((filter) => (
                <li key={filter.key}>
                  <button type="button" className={styles.chip} onClick={filter.onRemove} aria-label={`Remove filter: ${filter.label}`}>
                    {filter.label} <CloseIcon />
                  </button>
                </li>
              ))}
              <li>
                <button type="button" className={styles.textButton} onClick={props.onClear}>
                  Clear all
                </button>
              </li>
            </ul>
          )}
          {lateWords === '' ? null : (
            <button type="button" className={styles.pill} onClick={props.onShowPending}>
              {lateWords} — <strong>Show them</strong>
            </button>
          )}
          {feed.problem === null ? null : <ProblemNotice cause={feed.problem} actions={props.problemActions} />}
          <h2 className="said">{title}</h2>
          {feed.offers.length > 0 ? (
            <ol className={styles.list} aria-label={title} aria-busy={feed.isRefreshing} data-refreshing={feed.isRefreshing}>
              {feed.offers.map((row) => (
                <li key={row.id}>{props.row(row)}</li>
              ))}
            </ol>
          ) : feed.isAsking ? (
            props.skeletons
          ) : shown !== null && feed.problem === null ? (
            props.empty
          ) : null}
          {typeof more === 'object' ? <ProblemNotice cause={more.problem} /> : null}
          {feed.after === null ? null : (
            <Button variant="outline" fullWidth loading={more === 'loading'} onClick={() => void load()}>
              Load more
            </Button>
          )}
        </div>
      </div>
      <Drawer.Root opened={isFiltering && !isWide} onClose={() => setFiltering(false)} position="bottom" size="88%">
        <Drawer.Overlay />
        <Drawer.Content className={styles.drawer}>
          <div className={styles.drawerHead}>
            <Drawer.Title className={styles.drawerTitle}>Filters</Drawer.Title>
            <Drawer.CloseButton size={44} aria-label="Close filters" />
          </div>
          <Drawer.Body>
            {panel}
            <div className={styles.drawerFoot}>
              <Button fullWidth onClick={() => setFiltering(false)}>
                {shown === null ? `Show ${noun.many}` : `Show ${countOf(shown.matching, noun)}`}
              </Button>
            </div>
          </Drawer.Body>
        </Drawer.Content>
      </Drawer.Root>
    </>
  )
}

function countOf(count: number | undefined, noun: Noun): string {
  return count === undefined ? '' : `${count} ${count === 1 ? noun.one : noun.many}`
}

function countWords(matching: number, total: number, noun: Noun): string {
  return matching === total ? countOf(total, noun) : `${matching} of ${countOf(total, noun)}`
}

function lateWordsOf<R extends Row, F>(feed: OfferFeed<R, F>, noun: Noun): string {
  const late = lateNews(feed)
  if (late === null) return feed.pending === null ? '' : (noun.renewed ?? '')
  if (late.count === 0) return `${late.sellers} more ${late.sellers === 1 ? 'seller' : 'sellers'}`
  return `${late.count} more ${late.count === 1 ? noun.one : noun.many}${late.from === null ? '' : `, from ${roughMoneyWords(late.from)}`}`
}

function announcement(isAsking: boolean, sources: readonly Source[], count: string, late: string): string {
  const answered = sources.filter((source) => source.state === 'answered').length
  const found = count === '' ? '' : ` ${count}.`
  if (isAsking) return `Asking ${sources.length} sources, ${answered} answered.${found}`
  return `${answered} of ${sources.length} sources answered.${found}${late === '' ? '' : ` ${late}.`}`
}
