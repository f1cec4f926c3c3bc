import type { ButtonProps } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { ResultsLink } from '../api/last-search.ts'
import { ButtonLink } from './button-link.tsx'

/** A way back to a list, of whichever goods it is. */
export function ResultsButton(props: Pick<ButtonProps, 'variant' | 'size' | 'className'> & { back: ResultsLink; children: ReactNode }) {
  const { back, ...button } = props
  return back.to === '/stays' ? (
    <ButtonLink {...button} to="/stays" search={back.search} />
  ) : (
    <ButtonLink {...button} to="/flights" search={back.search} />
  )
}

/** The same as a function. */
export function useGoBack(back: ResultsLink): () => void {
  const navigate = useNavigate()
  return () =>
    void (back.to === '/stays' ? navigate({ to: '/stays', search: back.search }) : navigate({ to: '/flights', search: back.search }))
}
