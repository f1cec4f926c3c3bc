import type { WebhookAnswer, WebhookVerdict } from './contract.ts'

const STATUSES: Readonly<Record<WebhookVerdict, number>> = {
  accepted: 200,
  duplicate: 200,
  // Told again it would still be about nothing of ours.
  about_nothing_of_ours: 200,
  forged: 401,
  malformed: 400,
  later: 503,
}

/** The answer of providers that read no more of it than the status: any 2xx means that we have it, any other to come again. */
export function plainAnswer(verdict: WebhookVerdict): WebhookAnswer {
  const status = STATUSES[verdict]
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ received: status === 200 }) }
}
