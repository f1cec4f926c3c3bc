/** Where the bare server finds what to send: pairs of path and body, as JSON. */
export const BODIES_KEY = 'bare:bodies'
