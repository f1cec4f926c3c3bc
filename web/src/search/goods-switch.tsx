import { Link } from '@tanstack/react-router'
import styles from './search.module.css'

/** What is searched. Each has its own address. */
export function GoodsSwitch() {
  return (
    <nav className={styles.goods} aria-label="What to search">
      <Link to="/" activeOptions={{ exact: true, includeSearch: false }} className={styles.good}>
        Flights
      </Link>
      <Link to="/hotels" activeOptions={{ exact: true, includeSearch: false }} className={styles.good}>
        Hotels
      </Link>
    </nav>
  )
}
