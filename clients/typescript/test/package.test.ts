import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { describe, expect, inject, it } from 'vitest'
import { ChannelApi, ContactApi } from '../src/index.js'
import { compile, output } from './consumer.js'
import { consumers, root, tarball } from './pack.js'

const run = promisify(execFile)
const sandbox = inject('sandbox')
const { clientIdentifier } = sandbox
const options = { baseUrl: sandbox.url, apiKey: sandbox.apiKey }
const env = { OMNI_URL: sandbox.url, OMNI_KEY: sandbox.apiKey, OMNI_ACCOUNT: clientIdentifier }
const read = (name: string) => readFile(join(root, name), 'utf8')

describe('the package', () => {
  it('is as publint wants it', async () => {
    const manifest = JSON.parse(await read('package.json'))
    const { messages } = await publint({ pkgDir: root, strict: true })
    expect(messages.map((message) => formatMessage(message, manifest))).toEqual([])
  })

  it('has types that are right however it is imported', async () => {
    const attw = join(root, 'node_modules', '@arethetypeswrong', 'cli', 'dist', 'index.js')
    const { stdout } = await run(process.execPath, [attw, tarball, '--format', 'json'])
    const { analysis, problems } = JSON.parse(stdout)
    expect(Object.keys(analysis.entrypoints)).toEqual(['.', './nestjs', './package.json'])
    expect(problems ?? {}).toEqual({})
  })

  it('depends on nothing, and its lock names no address to load from', async () => {
    const manifest = JSON.parse(await read('package.json'))
    expect(manifest.dependencies).toBeUndefined()
    const { packages } = JSON.parse(await read('package-lock.json')) as { packages: Record<string, object> }
    expect(Object.entries(packages).filter(([, entry]) => 'resolved' in entry)).toEqual([])
  })

  it('carries what is built, its sources and no more', async () => {
    const { stdout } = await run('tar', ['-tzf', tarball])
    const files = stdout.trim().split('\n')
    expect(files.filter((file) => !/^package\/(dist\/|src\/|package\.json$|README\.md$)/.test(file))).toEqual([])
    expect(files).toContain('package/dist/index.d.cts')
  })

  it.each(['index.js', 'index.cjs'])('runs without Node: %s', async (entry) => {
    const { outputFiles, errors } = await build({
      entryPoints: [join(root, 'dist', entry)],
      bundle: true,
      platform: 'browser',
      write: false,
      logLevel: 'silent',
    })
    expect(errors).toEqual([])
    expect(outputFiles[0]?.text).not.toMatch(/\b(process|Buffer|__dirname)\b\./)
  })

  it('loses what a page does not use', async () => {
    const contents = "import { Webhook } from './dist/index.js'; console.log(new Webhook('whsec_aaaa'))"
    const stdin = { contents, resolveDir: root }
    const { outputFiles } = await build({ stdin, bundle: true, platform: 'browser', write: false, minify: true })
    expect(outputFiles[0]?.text).toContain('webhook-signature')
    expect(outputFiles[0]?.text).not.toContain('/api/accounts')
  })
})

describe('a project that uses it', () => {
  it('as a module', async () => {
    await compile('esm')
    const said = JSON.parse(await output('esm', 'main.js', env))
    expect(said).toEqual({ names: [expect.any(String)], code: 'not_found', signed: true })
  })

  it('by require', async () => {
    await compile('cjs')
    const said = JSON.parse(await output('cjs', 'main.js', env))
    expect(said).toEqual({ names: [expect.any(String)], code: 'not_found', own: true })
  })

  it('is refused by the compiler where it errs', async () => {
    const { stdout } = await run(process.execPath, [
      join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
      '-p',
      join(consumers, 'wrong'),
    ]).catch((error: { stdout: string }) => error)
    const lines = [...stdout.matchAll(/main\.ts\((\d+),\d+\): error/g)].map(([, line]) => Number(line))
    const text = await readFile(join(consumers, 'wrong', 'src', 'main.ts'), 'utf8')
    const marked = text.split('\n').flatMap((line, at) => (line.includes('// wrong') ? [at + 1] : []))
    expect([...new Set(lines)]).toEqual(marked)
  })
})

describe("the seed's examples, in an application of Nest", () => {
  const wrapper =
    /^(import \{ Injectable \} from '@nestjs\/common'|@Injectable\(\)|export class \w+Example \{|async run\(\) \{)$/

  it.each([
    ['1.1', 'create'],
    ['1.2', 'update'],
    ['1.3', 'list'],
  ])('%s stands unchanged inside a class and a method', async (section, file) => {
    const seed = await read(`test/seed/${section}.txt`)
    const source = await read(`consumers/nestjs/src/seed/${file}.ts`)
    const lines = source.replace(/\n\}\n\}\n$/, '\n').split('\n')
    const kept = lines.filter((line) => !wrapper.test(line) && !line.startsWith('= { clientIdentifier'))
    expect(kept.join('\n')).toBe(seed)
  })

  it('compile and run against the real server', async () => {
    const contactApi = new ContactApi(options)
    const { items } = await new ChannelApi(options).get({ clientIdentifier })
    const channelId = items.find(({ provider }) => provider === 'd360')?._id ?? ''
    const dto = { clientIdentifier, channelId, name: 'Outro', type: 'individual', channelType: 'whatsapp' } as const
    const { _id } = await contactApi.create({ ...dto, contactIdentifier: '5521966660001' })
    await compile('nestjs')
    await compile(join('nestjs', 'tsconfig.node10.json'))
    const said = JSON.parse(await output('nestjs', 'main.js', { ...env, OMNI_CHANNEL: channelId, OMNI_CONTACT: _id }))
    expect(said).toMatchObject({
      log: [
        { method: 'POST', status: 201, answer: { name: 'João Silva', customName: 'João (Mercearia)' } },
        { method: 'PATCH', status: 200, answer: { _id, customName: 'Nome Modificado', platform: 'karoochatnew' } },
        { method: 'GET', status: 200, answer: { page: 1, limit: 20 } },
      ],
      injected: true,
      listed: 1,
    })
    const listed = said.log[2].answer.items as { contactIdentifier: string }[]
    expect(listed.map(({ contactIdentifier }) => contactIdentifier)).toContain('5521999999999')
    const names = { clientIdentifier, contactIdentifier: '5521999999999' }
    expect((await contactApi.get(names)).items[0]).toMatchObject({ customName: 'João (Mercearia)' })
    expect(await contactApi.getById({ clientIdentifier, contactId: _id })).toMatchObject({ platform: 'karoochatnew' })
  })
})
