import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { parseFlightSearch, searchIdentity, withoutFilters, type FlightSearch } from '../api/flight-search.ts'
import { rememberSearch } from '../api/last-search.ts'
import { ListLayout, SourcesSection } from '../lists/list-layout.tsx'
import type { Noun } from '../lists/source-wire.tsx'
import { useHeld } from '../lists/use-held.ts'
import { ButtonLink } from '../ui/button-link.tsx'
import { DateStrip } from './date-strip.tsx'
import { EmptyResults } from './empty-results.tsx'
import { FilterPanel } from './filter-panel.tsx'
import { activeFilters } from './filters.ts'
import { OfferCard } from './offer-card.tsx'
import { OfferSkeletons } from './offer-skeletons.tsx'
import { SortTabs } from './sort-tabs.tsx'
import { useOfferFeed } from './use-offer-feed.ts'

const fares: Noun = { one: 'fare', many: 'fares' }

/** The list with its filters. Rows never move under the reader: what comes late waits behind a button. */
export function ResultsList(props: { search: FlightSearch }) {
  const { search } = props
  const navigate = useNavigate()
  const [hasRows, setHasRows] = useState(false)
  const isHeld = useHeld(searchIdentity(search), hasRows)
  const { feed, loadMore, askAgain, showPending } = useOfferFeed(search, isHeld)
  const { shown } = feed
  useEffect(() => setHasRows(feed.offers.length > 0), [feed.offers.length])
  useEffect(() => rememberSearch({ to: '/flights', search }), [search])

  const filters = activeFilters(search, shown?.facets ?? null, shown?.currency ?? 'USD')
  const change = (next: FlightSearch) =>
    void navigate({ to: '/flights', search: parseFlightSearch(next), replace: true, resetScroll: false })
  const isSettled = shown !== null && !feed.isAsking

  return (
    <>
      <SourcesSection feed={feed} noun={fares} onAskAgain={askAgain} />
      <DateStrip search={search} isSettled={isSettled} />
      <ListLayout
        feed={feed}
        noun={fares}
        panel={
          shown === null || shown.facets === null ? null : (
            <FilterPanel search={search} facets={shown.facets} currency={shown.currency} onChange={change} />
          )
        }
        filters={filters.map(({ key, label, without }) => ({ key, label, onRemove: () => change(without) }))}
        sorting={<SortTabs search={search} isSettled={isSettled} first={feed.offers[0]} onChange={(sort) => change({ ...search, sort })} />}
        empty={<EmptyResults search={search} total={shown?.total ?? 0} sources={feed.sources} filters={filters} onAskAgain={askAgain} />}
        skeletons={<OfferSkeletons />}
        problemActions={
          <>
            <Button onClick={askAgain}>Ask again</Button>
            <ButtonLink variant="light" to="/" search={withoutFilters(search)}>
              Change search
            </ButtonLink>
          </>
        }
        row={(offer) => (
          <OfferCard
            offer={offer}
            sellerName={(provider) => feed.sources.find((source) => source.provider === provider)?.name ?? provider}
          />
        )}
        onClear={() => change({ ...withoutFilters(search), ...(search.sort === undefined ? {} : { sort: search.sort }) })}
        onShowPending={showPending}
        loadMore={loadMore}
      />
    </>
  )
}
