import omnichannel = require('@cirrus/omnichannel_api')

const { OMNI_URL = '', OMNI_KEY = '', OMNI_ACCOUNT = '' } = process.env

async function main(): Promise<void> {
  const contactApi: omnichannel.ContactApi = new omnichannel.ContactApi({ baseUrl: OMNI_URL, apiKey: OMNI_KEY })
  const names: string[] = []
  for await (const contact of contactApi.iterate({ clientIdentifier: OMNI_ACCOUNT })) {
    names.push(contact.name)
    break
  }
  const error = await contactApi.getById({ clientIdentifier: OMNI_ACCOUNT, contactId: 'none' }).catch((e: unknown) => e)
  // The same package, loaded as a module: an error of one copy is known by the other.
  const { isOmnichannelError } = await import('@cirrus/omnichannel_api')
  const code = isOmnichannelError(error) ? error.code : 'a stranger'
  console.log(JSON.stringify({ names, code, own: error instanceof omnichannel.OmnichannelError }))
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
