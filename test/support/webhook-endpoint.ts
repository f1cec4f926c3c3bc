import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readBody } from '../../fixtures/mock-faults.ts'
import type { Payments } from '../../src/payments/index.ts'

/** Takes in what one gateway announces, over HTTP, and answers as that gateway wants; without the rest of the server. */
export type WebhookEndpoint = { readonly url: string; readonly outcomes: readonly string[]; readonly close: () => Promise<void> }

export async function startWebhookEndpoint(gateway: string, payments: () => Payments): Promise<WebhookEndpoint> {
  const outcomes: string[] = []
  const server = createServer((request, response) => {
    void (async () => {
      const rawBody = Buffer.from(await readBody(request, 512 * 1024))
      const method = request.method === 'GET' ? 'GET' : 'POST'
      const delivery = { method, url: request.url ?? '/', headers: request.headers, rawBody } as const
      const outcome = await payments()
        .acceptWebhook(gateway, delivery)
        .then(
          (accepted) => accepted.outcome,
          () => 'later' as const,
        )
      outcomes.push(outcome)
      const { status, headers, body } = payments().answerWebhook(gateway, outcome)
      response.writeHead(status, headers).end(body)
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/webhooks/${gateway}`,
    outcomes,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
