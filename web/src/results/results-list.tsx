import { Button, Drawer } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { parseFlightSearch, searchIdentity, withoutFilters, type FlightSearch } from '../api/flight-search.ts'
import { rememberSearch } from '../api/last-search.ts'
import { ButtonLink } from '../ui/button-link.tsx'
import { Announcer } from '../ui/announce.tsx'
import { CloseIcon, FilterIcon } from '../ui/icons.tsx'
import { roughMoneyWords } from '../ui/money-words.ts'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { DateStrip } from './date-strip.tsx'
import { EmptyResults } from './empty-results.tsx'
import { FilterPanel } from './filter-panel.tsx'
import { activeFilters } from './filters.ts'
import { lateNews } from './offer-feed.ts'
import { OfferCard } from './offer-card.tsx'
import { OfferSkeletons } from './offer-skeletons.tsx'
import { ProgressLine } from './progress-line.tsx'
import styles from './results.module.css'
import { SortTabs } from './sort-tabs.tsx'
import { SourceWire } from './source-wire.tsx'
import { useHeld } from './use-held.ts'
import { useOfferFeed } from './use-offer-feed.ts'

/** The list with its filters. Rows never move under the reader: what comes late waits behind a button. */
export function ResultsList(props: { search: FlightSearch }) {
  const { search } = props
  const navigate = useNavigate()
  const isWide = useMediaQuery('(min-width: 1000px)', window.innerWidth >= 1000, { getInitialValueInEffect: false })
  const [isFiltering, setFiltering] = useState(false)
  const [hasRows, setHasRows] = useState(false)
  const isHeld = useHeld(searchIdentity(search), hasRows)
  const { feed, loadMore, askAgain, showPending } = useOfferFeed(search, isHeld)
  const [more, setMore] = useState<'idle' | 'loading' | { problem: unknown }>('idle')
  const { shown } = feed
  useEffect(() => setHasRows(feed.offers.length > 0), [feed.offers.length])
  useEffect(() => rememberSearch(search), [search])

  const filters = activeFilters(search, shown?.facets ?? null, shown?.currency ?? 'USD')
  const late = lateNews(feed)
  const change = (next: FlightSearch) =>
    void navigate({ to: '/flights', search: parseFlightSearch(next), replace: true, resetScroll: false })
  const isSettled = shown !== null && !feed.isAsking
  const lateWords =
    late === null
      ? ''
      : late.count === 0
        ? `${late.sellers} more ${late.sellers === 1 ? 'seller' : 'sellers'}`
        : `${late.count} more ${late.count === 1 ? 'fare' : 'fares'}${late.from === null ? '' : `, from ${roughMoneyWords(late.from)}`}`
  const panel =
    shown === null || shown.facets === null ? null : (
      <FilterPanel search={search} facets={shown.facets} currency={shown.currency} onChange={change} />
    )

  const load = async () => {
    setMore('loading')
    try {
      await loadMore()
      setMore('idle')
    } catch (problem) {
      setMore({ problem })
    }
  }

  return (
    <>
      <section aria-label="Sources" className={styles.progress}>
        <SourceWire sources={feed.sources} />
        <ProgressLine feed={feed} onAskAgain={askAgain} />
        <Announcer text={announcement(feed.isAsking, feed.sources, shown?.matching, lateWords)} />
      </section>
      <DateStrip search={search} isSettled={isSettled} />
      <div className={styles.columns}>
        {isWide ? (
          <aside className={styles.side} aria-label="Filters">
            <h2 className={styles.sideTitle}>Filters</h2>
            {panel ?? <p className="muted small">Filters come with the first fares.</p>}
          </aside>
        ) : null}
        <div className={styles.main}>
          <SortTabs search={search} isSettled={isSettled} first={feed.offers[0]} onChange={(sort) => change({ ...search, sort })} />
          <div className={styles.toolbar}>
            {isWide ? null : (
              <Button variant="outline" leftSection={<FilterIcon />} disabled={panel === null} onClick={() => setFiltering(true)}>
                Filters{filters.length === 0 ? '' : ` (${filters.length})`}
              </Button>
            )}
            <p className={styles.count}>{shown === null ? ' ' : countWords(shown.matching, shown.total)}</p>
          </div>
          {filters.length === 0 ? null : (
            <ul className={styles.chips} aria-label="Filters in force">
              {filters.map((filter) => (
                <li key={filter.key}>
                  <button
                    type="button"
                    className={styles.chip}
                    onClick={() => change(filter.without)}
                    aria-label={`Remove filter: ${filter.label}`}
                  >
                    {filter.label} <CloseIcon />
                  </button>
                </li>
              ))}
              <li>
                <button
                  type="button"
                  className={styles.textButton}
                  onClick={() => change({ ...withoutFilters(search), ...(search.sort === undefined ? {} : { sort: search.sort }) })}
                >
                  Clear all
                </button>
              </li>
            </ul>
          )}
          {late === null ? null : (
            <button type="button" className={styles.pill} onClick={showPending}>
              {lateWords} — <strong>Show them</strong>
            </button>
          )}
          {feed.problem === null ? null : (
            <ProblemNotice
              cause={feed.problem}
              actions={
                <>
                  <Button onClick={askAgain}>Ask again</Button>
                  <ButtonLink variant="light" to="/" search={withoutFilters(search)}>
                    Change search
                  </ButtonLink>
                </>
              }
            />
          )}
          <h2 className="said">Fares</h2>
          {feed.offers.length > 0 ? (
            <ol className={styles.list} aria-label="Fares" aria-busy={feed.isRefreshing} data-refreshing={feed.isRefreshing}>
              {feed.offers.map((offer) => (
                <li key={offer.id}>
                  <OfferCard
                    offer={offer}
                    sellerName={(provider) => feed.sources.find((source) => source.provider === provider)?.name ?? provider}
                  />
                </li>
              ))}
            </ol>
          ) : feed.isAsking ? (
            <OfferSkeletons />
          ) : shown !== null && feed.problem === null ? (
            <EmptyResults search={search} total={shown.total} sources={feed.sources} filters={filters} onAskAgain={askAgain} />
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
                {shown === null ? 'Show fares' : `Show ${shown.matching} ${shown.matching === 1 ? 'fare' : 'fares'}`}
              </Button>
            </div>
          </Drawer.Body>
        </Drawer.Content>
      </Drawer.Root>
    </>
  )
}

function countWords(matching: number, total: number): string {
  const fares = `${total} ${total === 1 ? 'fare' : 'fares'}`
  return matching === total ? fares : `${matching} of ${fares}`
}

function announcement(isAsking: boolean, sources: readonly { state: string }[], matching: number | undefined, late: string): string {
  const answered = sources.filter((source) => source.state === 'answered').length
  const fares = matching === undefined ? '' : ` ${matching} fares.`
  if (isAsking) return `Asking ${sources.length} sources, ${answered} answered.${fares}`
  return `${answered} of ${sources.length} sources answered.${fares}${late === '' ? '' : ` ${late}.`}`
}
