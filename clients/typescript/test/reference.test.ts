import { describe, expect, inject, it } from 'vitest'
import methods from '../../../internal/app/docs_client.json' with { type: 'json' }
import { compilePrograms } from './consumer.js'

const { url } = inject('sandbox')

/** What HTML writes otherwise. */
const plain = (html: string) =>
  html.replace(/&(?:#(\d+)|(amp|lt|gt|quot));/g, (_, code: string | undefined, name: string) =>
    code ? String.fromCodePoint(Number(code)) : ({ amp: '&', lt: '<', gt: '>', quot: '"' }[name] as string),
  )

/** The snippets in TypeScript of the reference page, by operation. */
async function snippets(): Promise<Map<string, string>> {
  const page = await (await fetch(`${url}/docs`)).text()
  const found = new Map<string, string>()
  for (const article of page.split('<article id="').slice(1)) {
    const [, code] = /<figure data-language="typescript">.*?<pre>(.*?)<\/pre>/s.exec(article) ?? []
    if (code !== undefined) {
      found.set(article.slice(0, article.indexOf('"')), plain(code))
    }
  }
  return found
}

describe('the reference page', () => {
  it('shows programs that compile against the package, one for each operation that it has a method for', async () => {
    const found = await snippets()
    expect([...found.keys()].sort()).toEqual(Object.keys(methods).sort())
    await compilePrograms(
      'reference',
      [...found].map(([operation, code]) => [`${operation}.ts`, code]),
    )
  })
})
