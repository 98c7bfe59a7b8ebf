// Writes src/generated from ../../openapi.yaml, and which method of the client
// asks for which operation for the server's reference page. With --verify it
// writes nothing and fails when what is committed is not what it would write.
import { readFile, writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import openapiTS, { astToString } from 'openapi-typescript'
import { parse } from 'yaml'
import { methodsOf, operationsOf, verbs } from './methods.mjs'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const spec = new URL('../../../openapi.yaml', import.meta.url)
const folder = new URL('../src/generated/', import.meta.url)
const reference = new URL('../../../internal/app/docs_client.json', import.meta.url)
const banner = '// Generated from openapi.yaml by `npm run generate`; not to be edited.\n'
const headers = ['RequestId', 'AcceptLanguage', 'IdempotencyKey', 'WebhookId', 'WebhookTimestamp', 'WebhookSignature']

/**
 * One object in place of `allOf` and what stands beside it: a property that is
 * told more exactly beside it replaces the general one, so that a message or
 * an event is a plain object whose `type` tells the rest.
 */
function flat(schema, schemas) {
  const { allOf = [], ...own } = schema
  const parts = [...allOf.map((part) => flat(part.$ref ? schemas[part.$ref.split('/').pop()] : part, schemas)), own]
  const merged = { ...Object.assign({}, ...parts) }
  merged.properties = Object.assign({}, ...parts.map((part) => part.properties))
  merged.required = [...new Set(parts.flatMap((part) => part.required ?? []))]
  return merged
}

/** An operation without what the client's core sees to: headers and failures. */
function lean(operation) {
  const parameters = operation.parameters?.filter(
    (p) => p.in !== 'header' && !headers.includes(p.$ref?.split('/').pop()),
  )
  const responses = Object.entries(operation.responses).filter(([status]) => status.startsWith('2'))
  return { ...operation, parameters, responses: Object.fromEntries(responses) }
}

/** The document without its examples, and with each schema flat. */
function plain(node, schemas) {
  if (Array.isArray(node)) {
    return node.map((item) => plain(item, schemas))
  }
  if (typeof node !== 'object' || node === null) {
    return node
  }
  const whole = node.allOf ? flat(node, schemas) : node.operationId ? lean(node) : node
  const { example, examples, discriminator, ...rest } = whole
  return Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, plain(value, schemas)]))
}

/** The types of every operation and schema. */
async function types(document) {
  const tree = await openapiTS(plain(document, document.components.schemas), {
    emptyObjectsUnknown: true,
    defaultNonNullable: false,
  })
  return banner + astToString(tree)
}

/** Where each operation is, and whether it takes an Idempotency-Key and JSON. */
function routes(document) {
  const lines = []
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of verbs.filter((verb) => item[verb])) {
      const { operationId, parameters = [], requestBody } = item[method]
      const keyed = [...(item.parameters ?? []), ...parameters].some((p) => p.$ref?.endsWith('/IdempotencyKey'))
      const json = requestBody?.content['application/json'] !== undefined
      lines.push(
        `  ${operationId}: { method: '${method.toUpperCase()}', path: '${path}', keyed: ${keyed}, json: ${json} },\n`,
      )
    }
  }
  return `${banner}export const routes = {\n${lines.join('')}} as const\n`
}

/** The client as it is now, with what was generated just before. */
async function client() {
  const entryPoints = [fileURLToPath(new URL('../src/index.ts', import.meta.url))]
  const { outputFiles } = await build({ entryPoints, bundle: true, format: 'esm', write: false })
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
}

/** The method for each operation that has one, in the document's order. */
async function clientMethods(document) {
  const operations = operationsOf(document)
  const found = await methodsOf(await client(), operations)
  const lines = operations.flatMap(({ operationId }) => {
    const one = found.find((method) => method.operationId === operationId)
    return one ? [`  "${operationId}": {"class": "${one.class}", "method": "${one.method}"}`] : []
  })
  return `{\n${lines.join(',\n')}\n}\n`
}

const verify = process.argv.includes('--verify')
const stale = []

/** Writes a file, or notes that it is not what it should be. */
async function put(url, text) {
  const file = fileURLToPath(url)
  if (!verify) {
    await writeFile(file, text)
  } else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
    stale.push(relative(root, file))
  }
}

const document = parse(await readFile(spec, 'utf8'))
await put(new URL('openapi.ts', folder), await types(document))
await put(new URL('routes.ts', folder), routes(document))
await put(reference, await clientMethods(document))
if (stale.length > 0) {
  console.error(`${stale.join(', ')}: not what openapi.yaml and the client say. Run \`make generate\`.`)
  process.exitCode = 1
}
