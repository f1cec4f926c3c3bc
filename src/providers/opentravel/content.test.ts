import { describe, expect, test } from 'vitest'
import { createStoppedClock } from '../../kernel/time.ts'
import { toPartnerReply, type PartnerRequest } from '../../platform/partner.ts'
import { attribute, descendants } from '../../platform/xml.ts'
import { readMessage } from './exchange.ts'
import { createOpenTravel, OPENTRAVEL_DEFAULT_LIMITS } from './index.ts'

const call = { signal: new AbortController().signal }

function createSeller(answers: Readonly<Record<string, string>>) {
  const asked: string[] = []
  const send = (request: PartnerRequest) => {
    asked.push(request.body ?? '')
    return Promise.resolve(toPartnerReply(200, {}, Buffer.from(answers[readMessage(request.body ?? '').name] ?? '')))
  }
  const config = {
    url: 'http://seller/ota',
    username: 'u',
    password: 'p',
    requestorId: null,
    chainCode: null,
    currency: null,
    limits: OPENTRAVEL_DEFAULT_LIMITS,
  }
  const { stays } = createOpenTravel({ config, send, clock: createStoppedClock('2027-01-01T00:00:00Z') })
  return { stays: stays!, sent: (index: number) => readMessage(asked[index]!) }
}

const hotel = (
  code: string,
  more = '',
  address = '<Address><AddressLine>1 Way</AddressLine><CityName>Jakarta</CityName><PostalCode>10110</PostalCode><CountryName Code="ID"/></Address>',
) =>
  `<Property ChainCode="CH" HotelCode="${code}" HotelName="House ${code}"><Position Latitude="-6.17" Longitude="106.82"/>${address}${more}</Property>`
const search = (properties: string, attributes = '') =>
  `<OTA_HotelSearchRS ${attributes}><Success/><Properties>${properties}</Properties></OTA_HotelSearchRS>`
const NONE = '<OTA_HotelDescriptiveInfoRS><Errors><Error Type="2" Code="1"/></Errors></OTA_HotelDescriptiveInfoRS>'
const describeRs = (code: string, inner: string) =>
  `<OTA_HotelDescriptiveInfoRS><Success/><HotelDescriptiveContents><HotelDescriptiveContent HotelCode="${code}">${inner}</HotelDescriptiveContent></HotelDescriptiveContents></OTA_HotelDescriptiveInfoRS>`

describe('static content', () => {
  test('maps codes of the standard to our words and leaves out those of single sellers', async () => {
    const amenities = ['179', '71', '68', '035', '5044', '298', '1', '5', '179'].map((code) => `<HotelAmenity Code="${code}"/>`).join('')
    const preview =
      '<TPA_Extensions><TPA_HotelPreviewImageURI><URL>https://x.test/a.jpg?b=1&amp;c=2</URL></TPA_HotelPreviewImageURI></TPA_Extensions>'
    const seller = createSeller({
      OTA_HotelSearchRQ: search(hotel('H1', `<Award Rating="4.5"/>${amenities}${preview}`)),
      OTA_HotelDescriptiveInfoRQ: NONE,
    })
    const { properties, total, next } = await seller.stays.content(null, call)
    expect([total, next]).toEqual([null, null])
    expect(properties).toEqual([
      {
        provider: 'opentravel',
        code: 'H1',
        name: 'House H1',
        stars: 4.5,
        latitude: -6.17,
        longitude: 106.82,
        address: '1 Way, 10110',
        city: 'Jakarta',
        country: 'ID',
        district: null,
        type: 'hotel',
        amenities: ['wifi', 'pool', 'parking', 'gym', 'air_conditioning', 'reception_24h'],
        rating: null,
        images: ['https://x.test/a.jpg?b=1&c=2'],
        description: null,
        checkInFrom: null,
        checkOutUntil: null,
      },
    ])
  })

  test('is completed by descriptions where the seller has them', async () => {
    const inner = `<HotelInfo><CategoryCodes><HotelCategory Code="30"/></CategoryCodes><Descriptions><DescriptiveText>Near &lt;b&gt;it all&lt;/b&gt;.</DescriptiveText></Descriptions><Services><Service Code="84"/><Service Code="224" ExistsCode="2"/></Services></HotelInfo><FacilityInfo><GuestRooms><GuestRoom><Amenities><Amenity RoomAmenityCode="59"/></Amenities></GuestRoom></GuestRooms></FacilityInfo><Policies><Policy><PolicyInfo CheckInTime="14:00:00" CheckOutTime="noon"/></Policy></Policies><AffiliationInfo><Awards><Award Rating="5"/></Awards></AffiliationInfo><MultimediaDescriptions><MultimediaDescription><ImageItems><ImageItem><ImageFormat><URL>http://x.test/plain.jpg</URL></ImageFormat></ImageItem><ImageItem><ImageFormat><URL>https://x.test/b.jpg</URL></ImageFormat></ImageItem></ImageItems></MultimediaDescription></MultimediaDescriptions>`
    const seller = createSeller({
      OTA_HotelSearchRQ: search(hotel('H1') + hotel('H2')),
      OTA_HotelDescriptiveInfoRQ: describeRs('H1', inner),
    })
    const { properties } = await seller.stays.content(null, call)
    expect(properties.map((property) => property.code)).toEqual(['H1', 'H2'])
    expect(properties[0]).toMatchObject({
      type: 'resort',
      stars: 5,
      description: 'Near it all .',
      amenities: ['spa', 'kitchen'],
      images: ['https://x.test/b.jpg'],
      checkInFrom: '14:00',
      checkOutUntil: null,
    })
    expect(properties[1]).toMatchObject({ description: null, amenities: [] })
    expect(descendants(seller.sent(1), 'HotelDescriptiveInfo').map((info) => [attribute(info, 'ChainCode'), attribute(info, 'HotelCode')])).toEqual([['CH', 'H1'], ['CH', 'H2']]) // prettier-ignore
  })

  test('leaves out what has no code, name, position or country', async () => {
    const odd = [
      hotel('H2', '', '<Address><CityName>Jakarta</CityName></Address>'),
      hotel('H3').replace('-6.17', 'north'),
      hotel('H4').replace('-6.17', '96.17'),
      hotel('H5').replace(' HotelName="House H5"', ''),
      hotel('').replace(' HotelCode=""', ''),
    ].join('')
    const seller = createSeller({ OTA_HotelSearchRQ: search(hotel('H1') + odd), OTA_HotelDescriptiveInfoRQ: NONE })
    expect((await seller.stays.content(null, call)).properties.map((property) => property.code)).toEqual(['H1'])
  })

  test('goes on where the page says, and ends where it says so', async () => {
    const page = async (attributes: string, cursor: string | null = null) => {
      const seller = createSeller({ OTA_HotelSearchRQ: search(hotel('H1'), attributes), OTA_HotelDescriptiveInfoRQ: NONE })
      const { next } = await seller.stays.content(cursor, call)
      return [attribute(seller.sent(0), 'MoreDataEchoToken'), next]
    }
    expect(await page('MoreIndicator="true" MoreDataEchoToken="t2"', 't1')).toEqual(['t1', 't2'])
    expect(await page('MoreDataEchoToken="t2"')).toEqual([undefined, 't2'])
    expect(await page('MoreIndicator="false" MoreDataEchoToken="t2"')).toEqual([undefined, null])
    await expect(page('MoreIndicator="true" MoreDataEchoToken="t1"', 't1')).rejects.toThrow('names itself')
  })

  test('an empty last page is an end; errors and silence are not', async () => {
    const content = (answer: string, info = NONE) =>
      createSeller({ OTA_HotelSearchRQ: answer, OTA_HotelDescriptiveInfoRQ: info }).stays.content(null, call)
    expect(await content(search(''))).toEqual({ properties: [], total: null, next: null })
    await expect(content('<OTA_HotelSearchRS><Errors><Error Type="3" Code="424"/></Errors></OTA_HotelSearchRS>')).rejects.toThrow(
      'no reason',
    )
    await expect(content('<OTA_HotelSearchRS/>')).rejects.toThrow('neither')
    await expect(
      content(
        search(hotel('H1')),
        '<OTA_HotelDescriptiveInfoRS><Errors><Error Type="12" Code="448"/></Errors></OTA_HotelDescriptiveInfoRS>',
      ),
    ).rejects.toThrow('no reason')
  })
})
