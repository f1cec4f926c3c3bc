import { Button, NativeSelect } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { rememberSearch } from '../api/last-search.ts'
import { placeQuery } from '../api/places.ts'
import { readRooms } from '../api/stay-rooms.ts'
import { isWholeStay, parseStaySearch, stayIdentity, withoutStayFilters, type StaySearch } from '../api/stay-search.ts'
import list from '../lists/list.module.css'
import { ListLayout, SourcesSection } from '../lists/list-layout.tsx'
import { useFeed } from '../lists/use-feed.ts'
import { useHeld } from '../lists/use-held.ts'
import { ButtonLink } from '../ui/button-link.tsx'
import { Notice } from '../ui/notice.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import panel from '../ui/panel.module.css'
import { allGuestsWords, nightsWords, stayDaysWords } from '../ui/stay-words.ts'
import { daysBetween } from '../ui/time-words.ts'
import { EmptyStays } from './empty-stays.tsx'
import { HouseCard, HouseSkeletons } from './house-card.tsx'
import { housesOf } from './stay-feed.ts'
import { hotels, StayFilterPanel } from './stay-filter-panel.tsx'
import { activeStayFilters, staySorts } from './stay-filters.ts'
import styles from './stays.module.css'

/** The hotels of the search in the address. */
export function StaysScreen() {
  const search = useSearch({ from: '/stays' })
  if (!isWholeStay(search)) {
    return (
      <main className={panel.page}>
        <h1 className={panel.title}>This link is not a whole search</h1>
        <Notice
          tone="info"
          actions={
            <ButtonLink to="/hotels" search={search}>
              Complete the search
            </ButtonLink>
          }
        >
          <p>It lacks the place or the days.</p>
        </Notice>
      </main>
    )
  }
  return (
    <main className={panel.page}>
      <StaysHeader search={search} />
      <StaysList search={search} />
    </main>
  )
}

function StaysHeader(props: { search: StaySearch }) {
  const { search } = props
  const code = search.place ?? ''
  const place = useQuery(placeQuery(code))
  const name = place.data?.city ?? code
  usePageTitle(`Hotels in ${name}`)
  return (
    <div className={list.header}>
      <div>
        <h1 className={list.title}>
          Hotels in {name} {name === code ? null : <span className="muted code">{code}</span>}
        </h1>
        <p className="muted">{stayWords(search)}</p>
      </div>
      <ButtonLink variant="outline" to="/hotels" search={withoutStayFilters(search)}>
        Change search
      </ButtonLink>
    </div>
  )
}

/** "Tue 1 Dec 2026 – Fri 4 Dec 2026 · 3 nights · 1 room, 2 adults". */
export function stayWords(search: StaySearch): string {
  const { check_in = '', check_out = '' } = search
  return [
    stayDaysWords({ check_in, check_out }),
    nightsWords(Math.max(0, daysBetween(check_in, check_out) || 0)),
    allGuestsWords(readRooms(search.rooms)),
  ].join(' · ')
}

function StaysList(props: { search: StaySearch }) {
  const { search } = props
  const navigate = useNavigate()
  const [hasRows, setHasRows] = useState(false)
  const isHeld = useHeld(stayIdentity(search), hasRows)
  const { feed, loadMore, askAgain, showPending } = useFeed(housesOf(search), isHeld)
  const { shown } = feed
  useEffect(() => setHasRows(feed.offers.length > 0), [feed.offers.length])
  useEffect(() => rememberSearch({ to: '/stays', search }), [search])

  const filters = activeStayFilters(search, shown?.facets ?? null, shown?.currency ?? 'USD')
  const change = (next: StaySearch) => void navigate({ to: '/stays', search: parseStaySearch(next), replace: true, resetScroll: false })

  return (
    <>
      <SourcesSection feed={feed} noun={hotels} sourceNoun={{ one: 'rate', many: 'rates' }} onAskAgain={askAgain} />
      <ListLayout
        feed={feed}
        noun={hotels}
        panel={
          shown === null || shown.facets === null ? null : (
            <StayFilterPanel search={search} facets={shown.facets} currency={shown.currency} onChange={change} />
          )
        }
        filters={filters.map(({ id, label, without }) => ({ key: id, label, onRemove: () => change(without) }))}
        sorting={<StaySorting search={search} onChange={(sort) => change({ ...search, sort })} />}
        empty={<EmptyStays search={search} total={shown?.total ?? 0} sources={feed.sources} filters={filters} onAskAgain={askAgain} />}
        skeletons={<HouseSkeletons />}
        problemActions={
          <>
            <Button onClick={askAgain}>Ask again</Button>
            <ButtonLink variant="light" to="/hotels" search={withoutStayFilters(search)}>
              Change search
            </ButtonLink>
          </>
        }
        row={(row) => <HouseCard row={row} search={search} />}
        onClear={() => change({ ...withoutStayFilters(search), ...(search.sort === undefined ? {} : { sort: search.sort }) })}
        onShowPending={showPending}
        loadMore={loadMore}
      />
    </>
  )
}

function StaySorting(props: { search: StaySearch; onChange: (sort: string) => void }) {
  return (
    <div className={styles.sorting}>
      <NativeSelect
        label="Order"
        className={styles.sort}
        value={props.search.sort ?? 'best'}
        data={staySorts.map(({ value, label }) => ({ value, label }))}
        onChange={(event) => props.onChange(event.currentTarget.value)}
      />
      <details className={styles.how}>
        <summary>How we sort</summary>
        <p>
          <strong>Best</strong> gives every rate points; the fewest stand first:
        </p>
        <ul>
          <li>1,000 × its price ÷ the middle price of all rates found,</li>
          <li>20 for each tenth of a point that guests rate below 10,</li>
          <li>30 for each half star below five,</li>
          <li>60 for each kilometre from the centre,</li>
          <li>100 if cancelling now is not known to be free.</li>
        </ul>
        <p>What is not known counts as the worst found. Equals are ordered by price. Nobody pays to stand higher.</p>
      </details>
    </div>
  )
}
