import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { siteQuery } from '../api/site.ts'
import styles from './house-picture.module.css'

/**
 * A picture of a house, or a quiet drawing in its place: while it has not come, when it cannot be had, and in the
 * sandbox, whose pictures do not exist. Says nothing to who cannot see it: all it shows stands beside it in words.
 */
export function HousePicture(props: { address: string | null }) {
  const site = useQuery(siteQuery())
  const [shown, setShown] = useState<{ address: string; state: 'loaded' | 'failed' } | null>(null)
  const { address } = props
  const state = shown !== null && shown.address === address ? shown.state : 'waiting'
  const canLoad = address !== null && site.data?.sandbox === false && state !== 'failed'
  return (
    <div className={styles.frame} aria-hidden="true">
      <svg viewBox="0 0 120 80" className={styles.drawing} preserveAspectRatio="xMidYMid slice">
        <path d="M34 66V26h30v40M64 66V38h22v28M22 66h76" />
        <path d="M42 34h4M52 34h4M42 44h4M52 44h4M42 54h4M52 54h4M71 46h4M78 46h4M71 56h4M78 56h4" />
      </svg>
      {canLoad ? (
        <img
          src={address}
          alt=""
          loading="lazy"
          decoding="async"
          referrerPolicy="no-referrer"
          className={styles.image}
          data-loaded={state === 'loaded'}
          onLoad={() => setShown({ address, state: 'loaded' })}
          onError={() => setShown({ address, state: 'failed' })}
        />
      ) : null}
    </div>
  )
}
