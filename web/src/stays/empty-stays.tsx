import { Button } from '@mantine/core'
import { withoutStayFilters, type StaySearch } from '../api/stay-search.ts'
import type { Source } from '../api/types.ts'
import { ButtonLink } from '../ui/button-link.tsx'
import { Notice } from '../ui/notice.tsx'
import type { ActiveStayFilter } from './stay-filters.ts'

/** How far to look when nothing is near. */
const widerKm = '50'

/** Nothing to show, why, and the ways on. */
export function EmptyStays(props: {
  search: StaySearch
  total: number
  sources: readonly Source[]
  filters: readonly ActiveStayFilter[]
  onAskAgain: () => void
}) {
  const { search, sources } = props
  if (props.total > 0) {
    return (
      <Notice
        tone="info"
        title={`None of the ${props.total} hotels passes these filters`}
        actions={
          <>
            <ButtonLink to="/stays" search={withoutStayFilters(search)}>
              Clear all filters
            </ButtonLink>
            {props.filters.slice(0, 3).map((filter) => (
              <ButtonLink key={filter.id} variant="light" to="/stays" search={filter.without}>
                Without “{filter.label}”
              </ButtonLink>
            ))}
          </>
        }
      />
    )
  }
  const answered = sources.filter((source) => source.state === 'answered').length
  if (answered === 0 && sources.length > 0) {
    return (
      <Notice tone="warn" title="No source answered" actions={<Button onClick={props.onAskAgain}>Ask again</Button>}>
        <p>
          All {sources.length} sources were asked and none replied in time. That says nothing about the hotels. Nothing has been booked.
        </p>
      </Notice>
    )
  }
  const isWide = Number(search.radius_km ?? '15') >= Number(widerKm)
  return (
    <Notice
      tone="info"
      title={answered < sources.length ? 'None of the sources that answered has a room' : 'No source has a room'}
      actions={
        <>
          {isWide ? null : (
            <ButtonLink to="/stays" search={{ ...withoutStayFilters(search), radius_km: widerKm }}>
              Look up to {widerKm} km around
            </ButtonLink>
          )}
          <ButtonLink variant="light" to="/hotels" search={withoutStayFilters(search)}>
            Change search
          </ButtonLink>
        </>
      }
    >
      <p>Other days, fewer people in a room or a wider circle may have one.</p>
    </Notice>
  )
}
