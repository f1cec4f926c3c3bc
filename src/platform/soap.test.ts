import { fileURLToPath, pathToFileURL } from 'node:url'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PartnerError, toPartnerReply, type PartnerRequest, type Send } from './partner.ts'
import { createSoapService, type SoapElement } from './soap.ts'
import { attribute, child, children, childText, parseXml } from './xml.ts'

const WSDL = `<?xml version="1.0"?>
<definitions name="T" targetNamespace="urn:t" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:t" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<types><xsd:schema targetNamespace="urn:t" elementFormDefault="qualified"><xsd:element name="Ask"><xsd:complexType><xsd:sequence><xsd:any/></xsd:sequence></xsd:complexType></xsd:element><xsd:element name="Answer"><xsd:complexType><xsd:sequence><xsd:any/></xsd:sequence></xsd:complexType></xsd:element></xsd:schema></types>
<message name="AskMessage"><part name="body" element="t:Ask"/></message><message name="AnswerMessage"><part name="body" element="t:Answer"/></message>
<portType name="P"><operation name="ask"><input message="t:AskMessage"/><output message="t:AnswerMessage"/></operation></portType>
<binding name="B" type="t:P"><soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/><operation name="ask"><soap:operation soapAction="ask-it"/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation></binding>
<service name="S"><port name="P" binding="t:B"><soap:address location="http://127.0.0.1:9"/></port></service></definitions>`

const signal = new AbortController().signal
const BOMB = '<a>'.repeat(100_000)

describe('a service described by a WSDL', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'soap-'))
  const file = pathToFileURL(path.join(folder, 'service.wsdl'))
  const service = createSoapService(file)
  const callOf = (message: SoapElement, operation = 'ask') => ({
    operation,
    message,
    url: 'http://there/soap',
    headers: { authorization: 'Basic x' },
    timeoutMs: 1_234,
    replyBytesMax: 5_678,
  })

  beforeAll(() => writeFileSync(fileURLToPath(file), WSDL))
  afterAll(() => rmSync(folder, { recursive: true }))

  test('writes the message in its namespace and sends it by the way it is given, limits included', async () => {
    const sent: PartnerRequest[] = []
    const send: Send = (request) => {
      sent.push(request)
      return Promise.resolve(toPartnerReply(200, {}, Buffer.from('<whatever>')))
    }
    const message = {
      attributes: { Version: '1', Absent: undefined },
      Who: 'Ä <&> "x"',
      Many: [{ attributes: { N: '1' } }, { attributes: { N: '2' }, Text: 'two' }],
    }
    const reply = await service.call(callOf(message), send, signal)
    expect(reply.body).toBe('<whatever>')
    const [request] = sent
    expect(request).toMatchObject({ method: 'POST', url: 'http://there/soap', timeoutMs: 1_234, replyBytesMax: 5_678 })
    expect(request!.headers).toEqual({ 'content-type': 'text/xml; charset=utf-8', soapaction: '"ask-it"', authorization: 'Basic x' })
    const root = parseXml(request!.body!)
    const ask = child(child(root, 'Body'), 'Ask')!
    expect([ask.namespace, attribute(ask, 'Version'), attribute(ask, 'Absent'), childText(ask, 'Who')]).toEqual([
      'urn:t',
      '1',
      undefined,
      'Ä <&> "x"',
    ])
    expect(children(ask, 'Many').map((one) => [attribute(one, 'N'), childText(one, 'Text'), one.namespace])).toEqual([['1', undefined, 'urn:t'], ['2', 'two', 'urn:t']]) // prettier-ignore
  })

  test.each(['<![CDATA[ ]]><Evil/><![CDATA[ ]]>', '</t:Who><Evil/>', 'a\u0000b\u0008\ud800c', ']]>'])(
    'no text becomes markup or breaks the message: %j',
    async (text) => {
      let body = ''
      const send: Send = (request) => {
        body = request.body!
        return Promise.resolve(toPartnerReply(200, {}, Buffer.alloc(0)))
      }
      await service.call(callOf({ attributes: { Name: text }, Who: text }), send, signal)
      const ask = child(child(parseXml(body), 'Body'), 'Ask')!
      expect(ask.children.map((one) => one.name)).toEqual(['Who'])
      expect([childText(ask, 'Who'), attribute(ask, 'Name')?.trim()]).toEqual([childText(ask, 'Who'), childText(ask, 'Who')])
    },
  )

  test('leaves replies to whoever asked: a bomb, a page and a fault come back as they are', async () => {
    for (const [status, text] of [
      [200, BOMB],
      [502, '<html>'],
      [500, '<s:Fault/>'],
      [200, ''],
    ] as const) {
      // prettier-ignore
      const reply = await service.call(callOf({}), () => Promise.resolve(toPartnerReply(status, {}, Buffer.from(text))), signal)
      expect([reply.status, reply.body.length]).toEqual([status, text.length])
    }
  })

  test('throws what sending throws, and for an operation that the WSDL has not', async () => {
    const lost = new PartnerError('timeout', 'too late', { neverSent: false })
    await expect(service.call(callOf({}), () => Promise.reject(lost), signal)).rejects.toBe(lost)
    await expect(service.call(callOf({}, 'shout'), () => Promise.reject(lost), signal)).rejects.toThrow('no operation shout')
  })

  test('calls at the same time do not meet', async () => {
    const echo: Send = (request) => Promise.resolve(toPartnerReply(200, {}, Buffer.from(request.body!)))
    const replies = await Promise.all(Array.from({ length: 20 }, (_, index) => service.call(callOf({ Who: `n${index}` }), echo, signal)))
    expect(replies.map(({ body }) => childText(child(child(parseXml(body), 'Body'), 'Ask'), 'Who'))).toEqual(
      Array.from({ length: 20 }, (_, index) => `n${index}`),
    )
  })

  test('says so when its file cannot be read', async () => {
    const nowhere = createSoapService(pathToFileURL(path.join(folder, 'absent.wsdl')))
    await expect(nowhere.call(callOf({}), () => Promise.reject(new Error('sent')), signal)).rejects.toThrow('ENOENT')
  })
})
