import { Link, Outlet } from '@tanstack/react-router'
import { Logo } from '../ui/logo.tsx'
import { SchemeSwitch } from './scheme-switch.tsx'
import styles from './shell.module.css'

/** What every screen stands in. */
export function Shell() {
  return (
    <>
      <a href="#content" className="skip">
        Skip to content
      </a>
      <header className={styles.header}>
        <div className={styles.bar}>
          <Link to="/" className={styles.home} aria-label="Farewire, search flights and hotels">
            <Logo />
          </Link>
          <nav aria-label="Main">
            <a href="/docs/api" className={styles.link}>
              API
            </a>
          </nav>
        </div>
      </header>
      <div id="content" className={styles.content} tabIndex={-1}>
        <Outlet />
      </div>
      <footer className={styles.footer}>
        <div className={styles.bar}>
          <p className="small muted">
            Prices are totals for everyone, with all taxes and fees but those a hotel takes itself, which stand beside. Flight times are
            local to each airport.
          </p>
          <SchemeSwitch />
        </div>
      </footer>
    </>
  )
}
