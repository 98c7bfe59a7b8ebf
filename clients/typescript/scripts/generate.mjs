// Writes src/generated from ../../openapi.yaml. With --verify it writes
// nothing and fails when what is committed is not what it would write.
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'
import { parse } from 'yaml'

const spec = new URL('../../../openapi.yaml', import.meta.url)
const folder = new URL('../src/generated/', import.meta.url)
const banner = '// Generated from openapi.yaml by `npm run generate`; not to be edited.\n'
const headers = ['RequestId', 'AcceptLanguage', 'IdempotencyKey', 'WebhookId', 'WebhookTimestamp', 'WebhookSignature']
const methods = ['get', 'post', 'put', 'patch', 'delete']

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
    for (const method of methods.filter((m) => item[m])) {
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

const document = parse(await readFile(spec, 'utf8'))
const made = { 'openapi.ts': await types(document), 'routes.ts': routes(document) }
const stale = []
for (const [name, text] of Object.entries(made)) {
  const file = fileURLToPath(new URL(name, folder))
  if (!process.argv.includes('--verify')) {
    await writeFile(file, text)
  } else if ((await readFile(file, 'utf8').catch(() => '')) !== text) {
    stale.push(name)
  }
}
if (stale.length > 0) {
  console.error(`src/generated/${stale.join(', ')} is not what openapi.yaml says: run \`npm run generate\``)
  process.exitCode = 1
}
