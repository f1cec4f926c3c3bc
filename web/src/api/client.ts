import { learnClock } from './clock.ts'
import { ApiProblem } from './problem.ts'

type RequestOptions = {
  body?: unknown
  idempotencyKey?: string
  signal?: AbortSignal
  cache?: RequestCache
  headers?: Record<string, string>
}

/** Asks the API and returns its JSON, or throws {@link ApiProblem}: a refusal, or code "no-answer" when the connection failed. */
export async function request<T>(method: 'GET' | 'POST', path: string, options: RequestOptions = {}): Promise<T> {
  return (await requestAnswer<T>(method, path, options)).body
}

/** The same with the headers of the answer. */
export async function requestAnswer<T>(
  method: 'GET' | 'POST',
  path: string,
  options: RequestOptions = {},
): Promise<{ body: T; headers: Headers }> {
  const headers: Record<string, string> = { accept: 'application/json', ...options.headers }
  if (options.body !== undefined) headers['content-type'] = 'application/json'
  if (options.idempotencyKey !== undefined) headers['idempotency-key'] = options.idempotencyKey
  const response = await send(path, {
    method,
    headers,
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.cache === undefined ? {} : { cache: options.cache }),
  })
  learnClock(response.headers)
  const body = await readJson(response)
  if (!response.ok) throw new ApiProblem(response.status, isRecord(body) ? body : {})
  if (body === undefined)
    throw new ApiProblem(response.status, {
      title: 'Unreadable answer',
      detail: 'The answer could not be read. Try again.',
      retryable: true,
    })
  return { body: body as T, headers: response.headers }
}

async function send(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init)
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new ApiProblem(0, {
      code: 'no-answer',
      title: 'No connection',
      detail: 'The connection failed before an answer came. Check your network and try again.',
      retryable: true,
      money_moved: init.method === 'POST' ? 'unknown' : 'none',
    })
  }
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
