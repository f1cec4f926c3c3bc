import { Link, type ErrorComponentProps } from '@tanstack/react-router'
import panel from '../ui/panel.module.css'
import { ProblemNotice } from '../ui/problem-notice.tsx'

/** While a screen's code is on its way. */
export function LoadingScreen() {
  return (
    <main className={panel.page} aria-busy="true">
      <p className="muted">Loading</p>
    </main>
  )
}

export function LostScreen() {
  return (
    <main className={`${panel.page} ${panel.stack}`}>
      <h1 className={panel.title}>There is no page here</h1>
      <p>The address may have been cut off when it was copied.</p>
      <p>
        <Link to="/">Search flights</Link> or <Link to="/hotels">search hotels</Link>.
      </p>
    </main>
  )
}

/** A fault of the page itself; nothing was sent by it. */
export function FaultScreen(props: ErrorComponentProps) {
  return (
    <main className={`${panel.page} ${panel.stack}`}>
      <h1 className={panel.title}>This page failed</h1>
      <ProblemNotice cause={props.error} />
      <p>
        <a href={location.href}>Load it again</a> or <a href="/">search flights</a>.
      </p>
    </main>
  )
}
