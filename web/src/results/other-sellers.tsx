import { useId, useState } from 'react'
import type { Alternative } from '../api/types.ts'
import { ButtonLink } from '../ui/button-link.tsx'
import { moneyWords } from '../ui/money-words.ts'
import { Money } from '../ui/money.tsx'
import styles from './offer-card.module.css'
import { otherSellersWords } from './seller-words.ts'

/** Who else sells the same flights under the same conditions, folded until asked for; each can be chosen instead. */
export function OtherSellers(props: {
  alternatives: readonly Alternative[]
  /** What is flown by whom, for those who hear the page. */
  journey: string
  sellerName: (provider: string) => string
}) {
  const listId = useId()
  const [isOpen, setOpen] = useState(false)
  const { alternatives, journey, sellerName } = props
  const [cheapest] = alternatives
  if (cheapest === undefined) return null
  return (
    <div className={styles.sellers}>
      <button
        type="button"
        className={styles.sellersButton}
        aria-expanded={isOpen}
        aria-controls={listId}
        onClick={() => setOpen((before) => !before)}
      >
        {otherSellersWords(alternatives)}
      </button>
      <ul id={listId} className={styles.sellerList} hidden={!isOpen} aria-label={`Other sellers of ${journey}`}>
        {alternatives.map((one) => (
          <li key={one.offer_id}>
            <span className="small">
              {sellerName(one.provider)} <Money value={one.total} />
            </span>
            <ButtonLink
              variant="light"
              to="/book/$offerId"
              params={{ offerId: one.offer_id }}
              aria-label={`Choose, ${journey}, ${moneyWords(one.total)} from ${sellerName(one.provider)}`}
            >
              Choose
            </ButtonLink>
          </li>
        ))}
      </ul>
    </div>
  )
}
