import type { ReactNode } from 'react'
import styles from './wire.module.css'

/** `todo` is hollow, `now` is waited for, `done` is filled, `failed` is crossed, `act` is square: the reader must do something. */
export type WireState = 'todo' | 'now' | 'done' | 'failed' | 'act'

export type WireNode = { key: string; state: WireState; label: ReactNode; detail?: ReactNode; aside?: ReactNode }

const stateWords: Record<WireState, string> = {
  todo: 'not yet',
  now: 'in progress',
  done: 'done',
  failed: 'failed',
  act: 'needs you',
}

/**
 * The one line that carries every process: a search's sources, the stages of a booking. An ordered list with text; the
 * line and nodes only repeat what the words say.
 */
export function Wire(props: { label: string; nodes: readonly WireNode[]; across?: boolean }) {
  return (
    <ol aria-label={props.label} className={props.across === true ? `${styles.wire} ${styles.across}` : styles.wire}>
      {props.nodes.map((node) => (
        <li key={node.key} className={styles.node} data-state={node.state}>
          <WireMark state={node.state} />
          <div className={styles.text}>
            <div className={styles.label}>
              <span>{node.label}</span>
              {node.aside === undefined ? null : <span className={styles.aside}>{node.aside}</span>}
            </div>
            {node.detail === undefined ? (
              <span className="said">{stateWords[node.state]}</span>
            ) : (
              <div className={styles.detail}>{node.detail}</div>
            )}
          </div>
        </li>
      ))}
    </ol>
  )
}

function WireMark(props: { state: WireState }) {
  return (
    <svg className={styles.mark} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      {props.state === 'act' ? (
        <rect x="2.5" y="2.5" width="11" height="11" rx="2" className={styles.shape} />
      ) : (
        <circle cx="8" cy="8" r="5.5" className={styles.shape} />
      )}
      {props.state === 'failed' ? <path d="M5.6 5.6l4.8 4.8M10.4 5.6l-4.8 4.8" className={styles.cross} /> : null}
    </svg>
  )
}
