import { Button, type ButtonProps } from '@mantine/core'
import { createLink, type LinkComponent } from '@tanstack/react-router'
import type { AnchorHTMLAttributes, Ref } from 'react'

type ButtonAnchorProps = ButtonProps & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps> & { ref?: Ref<HTMLAnchorElement> }

function ButtonAnchor(props: ButtonAnchorProps) {
  return <Button component="a" {...props} />
}

const Created = createLink(ButtonAnchor)

/** A way to another screen that looks like what it is here: the next thing to do. */
export const ButtonLink: LinkComponent<typeof ButtonAnchor> = (props) => <Created {...props} />
