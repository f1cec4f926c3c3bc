import styles from './logo.module.css'

/** The name with its wire. */
export function Logo() {
  return (
    <span className={styles.logo}>
      <svg viewBox="0 0 34 20" width="34" height="20" aria-hidden="true">
        <path d="M5 15h9l6-10h8" className={styles.line} />
        <circle cx="5" cy="15" r="4" className={styles.from} />
        <circle cx="29" cy="5" r="3.4" className={styles.to} />
      </svg>
      farewire
    </span>
  )
}
