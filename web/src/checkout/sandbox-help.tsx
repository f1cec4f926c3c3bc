import { useQuery } from '@tanstack/react-query'
import { siteQuery } from '../api/site.ts'
import styles from './checkout.module.css'

type Seller = 'airline' | 'hotel'

const namesOf = (seller: Seller) => [
  { name: 'SOLDOUT', what: `the ${seller} says sold out after you paid: full refund` },
  { name: 'PRICEUP', what: `the ${seller} raises the price after you paid: full refund` },
  { name: 'SUPPLIERUNKNOWN', what: `the ${seller}'s answer gets lost: ${seller === 'hotel' ? 'booked once' : 'one ticket, issued once'}` },
]

/** What to type to see each ending, where suppliers and payments are not real. The test card is the payment provider's own. */
export function SandboxHelp(props: { seller: Seller }) {
  const isHotel = props.seller === 'hotel'
  const site = useQuery(siteQuery())
  if (site.data?.sandbox !== true) return null
  return (
    <details className={styles.disclosure}>
      <summary>Try the sandbox</summary>
      <div className={styles.sandbox}>
        <p>
          The family name of the first {isHotel ? 'guest' : 'traveller'} decides how it ends. Any other name is{' '}
          {isHotel ? 'confirmed' : 'ticketed'}.
        </p>
        <dl>
          {namesOf(props.seller).map((each) => (
            <div key={each.name}>
              <dt className="code">{each.name}</dt>
              <dd>{each.what}</dd>
            </div>
          ))}
        </dl>
        <p>
          Test card <span className="code">4242 4242 4242 4242</span>, any later date, any code.
        </p>
      </div>
    </details>
  )
}
