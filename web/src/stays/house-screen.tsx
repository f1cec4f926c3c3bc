import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams, useSearch } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { rememberSearch } from '../api/last-search.ts'
import { houseQuery } from '../api/stays.ts'
import { isWholeStay, withoutStayFilters, type StaySearch } from '../api/stay-search.ts'
import type { HouseDetails } from '../api/types.ts'
import { SourcesSection } from '../lists/list-layout.tsx'
import list from '../lists/list.module.css'
import { lateNews } from '../lists/offer-feed.ts'
import type { Noun } from '../lists/source-wire.tsx'
import { useFeed } from '../lists/use-feed.ts'
import { useHeld } from '../lists/use-held.ts'
import { ButtonLink } from '../ui/button-link.tsx'
import { HousePicture } from '../ui/house-picture.tsx'
import { roughMoneyWords } from '../ui/money-words.ts'
import { Notice } from '../ui/notice.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import panel from '../ui/panel.module.css'
import { ProblemNotice } from '../ui/problem-notice.tsx'
import { amenityWords } from '../ui/stay-words.ts'
import { HouseFacts } from './house-facts.tsx'
import { RateCard } from './rate-card.tsx'
import { activeStayFilters, rateFilters, withoutRateFilters } from './stay-filters.ts'
import { ratesOf } from './stay-feed.ts'
import styles from './stays.module.css'
import { stayWords } from './stays-screen.tsx'

const rates: Noun = { one: 'rate', many: 'rates' }
/** Sources are asked for every hotel of the search at once. */
const ratesOfAll: Noun = { one: 'rate of all hotels', many: 'rates of all hotels' }
const ratesShown = 20

/** One house, and every rate of it for the days in the address. */
export function HouseScreen() {
  const { house } = useParams({ from: '/stays/houses/$house' })
  const search = useSearch({ from: '/stays/houses/$house' })
  const found = useQuery(houseQuery(house))
  const isWhole = isWholeStay(search)
  usePageTitle(found.data?.name ?? 'Hotel')
  useEffect(() => {
    if (isWhole) rememberSearch({ to: '/stays', search })
  }, [isWhole, search])
  return (
    <main className={panel.page} aria-busy={found.isLoading}>
      <ButtonLink variant="subtle" size="compact-md" className={styles.back ?? ''} to={isWhole ? '/stays' : '/hotels'} search={search}>
        {isWhole ? 'Back to results' : 'Search hotels'}
      </ButtonLink>
      <h1 className={panel.title}>{found.data?.name ?? 'Hotel'}</h1>
      {found.isError ? (
        <ProblemNotice
          cause={found.error}
          actions={
            <>
              <Button onClick={() => void found.refetch()}>Ask again</Button>
              <ButtonLink variant="outline" to="/hotels" search={withoutStayFilters(search)}>
                Search hotels
              </ButtonLink>
            </>
          }
        />
      ) : null}
      {found.data === undefined ? null : <HouseAbout house={found.data} />}
      {isWhole && !found.isError ? (
        <HouseRates house={house} search={search} />
      ) : found.data === undefined ? null : (
        <Notice
          tone="info"
          title="Choose days to see rooms and prices"
          actions={
            <ButtonLink to="/hotels" search={search}>
              Choose days
            </ButtonLink>
          }
        />
      )}
    </main>
  )
}

function HouseAbout(props: { house: HouseDetails }) {
  const { house } = props
  const address = [house.address, house.city].filter((part) => part !== null).join(', ')
  const times = [
    house.check_in_from === null ? null : `Check-in from ${house.check_in_from}`,
    house.check_out_until === null ? null : `Check-out until ${house.check_out_until}`,
  ].filter((part) => part !== null)
  return (
    <div className={styles.house}>
      <HousePicture address={house.images[0] ?? null} />
      <div className={panel.stack}>
        <HouseFacts house={house} distance={null} />
        {address === '' ? null : <p>{address}</p>}
        {times.length === 0 ? null : <p className="muted">{times.join('. ')}.</p>}
        {house.description === null ? null : <p>{house.description}</p>}
        {house.amenities.length === 0 ? null : (
          <ul className={styles.amenities} aria-label="The hotel has">
            {house.amenities.map((amenity) => (
              <li key={amenity}>{amenityWords(amenity)}</li>
            ))}
          </ul>
        )}
      </div>
    </div>
  )
}

function HouseRates(props: { house: string; search: StaySearch }) {
  const { house, search } = props
  const [hasRows, setHasRows] = useState(false)
  const isHeld = useHeld(`${house}${search.check_in}${search.check_out}${search.rooms}`, hasRows)
  const { feed, askAgain, showPending } = useFeed(ratesOf(search, house), isHeld)
  const [most, setMost] = useState(ratesShown)
  useEffect(() => setHasRows(feed.offers.length > 0), [feed.offers.length])
  const { shown } = feed
  const filters = rateFilters(activeStayFilters(search, shown?.facets ?? null, shown?.currency ?? 'USD'))
  const late = lateNews(feed)
  const left = feed.offers.length - most
  const allRates = (
    <ButtonLink
      variant="light"
      to="/stays/houses/$house"
      params={{ house }}
      search={withoutRateFilters(search)}
      replace
      resetScroll={false}
    >
      Show every rate
    </ButtonLink>
  )
  return (
    <section aria-labelledby="rates" className={styles.sectionGap}>
      <h2 id="rates" className={panel.heading}>
        Rooms and rates
      </h2>
      <p className="muted">{stayWords(search)}</p>
      <SourcesSection feed={feed} noun={rates} sourceNoun={ratesOfAll} onAskAgain={askAgain} />
      <div className={list.main}>
        {filters.length === 0 ? null : (
          <div className={panel.row}>
            <p>Only rates with: {filters.map((filter) => filter.label).join('; ')}.</p>
            {feed.offers.length === 0 ? null : allRates}
          </div>
        )}
        {late === null ? null : (
          <button type="button" className={list.pill} onClick={showPending}>
            More rates{late.from === null ? '' : `, from ${roughMoneyWords(late.from)}`} — <strong>Show them</strong>
          </button>
        )}
        {feed.problem === null ? null : <ProblemNotice cause={feed.problem} actions={<Button onClick={askAgain}>Ask again</Button>} />}
        {feed.offers.length > 0 ? (
          <ol className={styles.rates} aria-label="Rates" aria-busy={feed.isRefreshing}>
            {feed.offers.slice(0, most).map((rate) => (
              <li key={rate.id}>
                <RateCard
                  rate={rate}
                  sourceName={feed.sources.find((source) => source.provider === rate.provider)?.name ?? rate.provider}
                />
              </li>
            ))}
          </ol>
        ) : feed.isAsking ? (
          <p className="muted">Asking for the rates</p>
        ) : feed.problem === null ? (
          <Notice
            tone="info"
            title={filters.length === 0 ? 'No source has a room here for these days' : 'No rate of this hotel passes your filters'}
            actions={
              <>
                {filters.length === 0 ? null : allRates}
                <ButtonLink variant="light" to="/stays" search={search}>
                  Back to results
                </ButtonLink>
              </>
            }
          />
        ) : null}
        {left <= 0 ? null : (
          <Button variant="outline" fullWidth onClick={() => setMost(most + ratesShown)}>
            Show {Math.min(left, ratesShown)} more
          </Button>
        )}
      </div>
    </section>
  )
}
