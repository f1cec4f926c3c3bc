import type { ReactNode } from 'react'

function Icon(props: { children: ReactNode; size?: number }) {
  const size = props.size ?? 20
  return (
    <svg
      viewBox="0 0 20 20"
      width={size}
      height={size}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {props.children}
    </svg>
  )
}

export const SwapIcon = () => (
  <Icon>
    <path d="M3 7h13M12.5 3.5L16 7l-3.5 3.5M17 13H4M7.5 9.5L4 13l3.5 3.5" />
  </Icon>
)

export const CalendarIcon = () => (
  <Icon>
    <path d="M3.5 5.5h13v11h-13zM3.5 9h13M7 3v4M13 3v4" />
  </Icon>
)

export const PersonIcon = () => (
  <Icon>
    <circle cx="10" cy="6.5" r="3" />
    <path d="M4 17c.6-3.4 3-5 6-5s5.4 1.6 6 5" />
  </Icon>
)

export const PlaceIcon = () => (
  <Icon>
    <circle cx="10" cy="10" r="3" />
    <path d="M10 2.5V5M10 15v2.5M2.5 10H5M15 10h2.5" />
  </Icon>
)

export const FilterIcon = () => (
  <Icon>
    <path d="M3 6h14M6 10h8M8.5 14h3" />
  </Icon>
)

export const BagIcon = () => (
  <Icon size={16}>
    <path d="M4 7h12v9.5H4zM7.5 7V4h5v3" />
  </Icon>
)

export const CloseIcon = () => (
  <Icon size={14}>
    <path d="M5 5l10 10M15 5L5 15" />
  </Icon>
)

export const DocumentIcon = () => (
  <Icon>
    <path d="M5 2.5h7l3.5 3.5v11.5H5zM12 2.5V6h3.5M8 11l2.5 2.5L13 11M10.5 13.5V8.5" />
  </Icon>
)
