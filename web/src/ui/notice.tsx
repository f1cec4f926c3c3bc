import type { ReactNode } from 'react'
import styles from './notice.module.css'

export type NoticeTone = 'info' | 'ok' | 'warn' | 'danger'

const icons: Record<NoticeTone, string> = {
  info: 'M8 7.2v4M8 4.6v.2',
  ok: 'M4.8 8.3l2.2 2.2 4.2-4.8',
  warn: 'M8 4.2v4.6M8 11.3v.2',
  danger: 'M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2',
}

const toneWords: Record<NoticeTone, string> = { info: 'Note', ok: 'Good news', warn: 'Attention', danger: 'Problem' }

/** A fact that stands out: icon, words, and what can be done. `role="alert"` only for what just went wrong. */
export function Notice(props: { tone: NoticeTone; title?: ReactNode; children?: ReactNode; actions?: ReactNode; isAlert?: boolean }) {
  return (
    <div className={styles.notice} data-tone={props.tone} role={props.isAlert === true ? 'alert' : undefined}>
      <svg className={styles.icon} viewBox="0 0 16 16" width="20" height="20" role="img" aria-label={toneWords[props.tone]}>
        <circle cx="8" cy="8" r="7" />
        <path d={icons[props.tone]} />
      </svg>
      <div className={styles.body}>
        {props.title === undefined ? null : <p className={styles.title}>{props.title}</p>}
        {props.children === undefined ? null : <div>{props.children}</div>}
        {props.actions === undefined ? null : <div className={styles.actions}>{props.actions}</div>}
      </div>
    </div>
  )
}
