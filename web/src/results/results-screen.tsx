import { useSearch } from '@tanstack/react-router'
import { isComplete } from '../api/flight-search.ts'
import { ButtonLink } from '../ui/button-link.tsx'
import { Notice } from '../ui/notice.tsx'
import panel from '../ui/panel.module.css'
import { ResultsHeader } from './results-header.tsx'
import { ResultsList } from './results-list.tsx'

/** The fares of the search in the address. */
export function ResultsScreen() {
  const search = useSearch({ from: '/flights' })
  if (!isComplete(search)) {
    return (
      <main className={panel.page}>
        <h1 className={panel.title}>This link is not a whole search</h1>
        <Notice
          tone="info"
          actions={
            <ButtonLink to="/" search={search}>
              Complete the search
            </ButtonLink>
          }
        >
          <p>It lacks where from, where to, or the day.</p>
        </Notice>
      </main>
    )
  }
  return (
    <main className={panel.page}>
      <ResultsHeader search={search} />
      <ResultsList search={search} />
    </main>
  )
}
