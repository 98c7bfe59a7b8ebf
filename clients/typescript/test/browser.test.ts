import { join } from 'node:path'
import { build } from 'esbuild'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { MessageApi } from '../src/index.js'
import { startBackend } from './backend.js'
import { startBrowser } from './browser.js'
import { compile } from './consumer.js'
import { writes } from './customer.js'
import { consumers } from './pack.js'

const sandbox = inject('sandbox')

let browser: Browser
beforeAll(async () => {
  browser = await startBrowser()
})
afterAll(() => browser?.close())

/** The packed package and a page of it, as a project makes its bundle. */
async function bundled(): Promise<string> {
  await compile('browser')
  const entryPoints = [join(consumers, 'browser', 'src', 'main.ts')]
  const { outputFiles } = await build({ entryPoints, bundle: true, platform: 'browser', format: 'esm', write: false })
  return outputFiles[0]?.text ?? ''
}

const html = `<!doctype html><title>Console</title>
<script>window.elsewhere = '${sandbox.url}'; window.account = '${sandbox.clientIdentifier}'</script>
<ul></ul><ol></ol><form><input name="text"><button>Send</button></form><button id="elsewhere">Elsewhere</button><output></output>
<script type="module" src="/main.js"></script>`

describe('a page in Chromium, with a server of its own', () => {
  it('lists sessions, sends, and hears what comes, without a key', async () => {
    const name = 'Nair Prado'
    const { _id: sessionId } = await writes(sandbox, '5521944440001', name, 'Tem alguém aí?')
    const pages = { '/': html, '/main.js': await bundled() }
    const backend = await startBackend(sandbox, { pages })
    const page = await browser.newPage()
    const sent: Record<string, string>[] = []
    page.on('request', (request) => sent.push(request.headers()))
    const wrong: string[] = []
    page.on('pageerror', (error) => wrong.push(error.message))

    await page.goto(backend.url)
    await page.getByRole('button', { name }).click()
    await page.locator('input').fill('Sim, bom dia!')
    await page.getByRole('button', { name: 'Send' }).click()
    await vi.waitFor(async () => expect(await said(page)).toMatch(/^(sent|delivered|read)$/), 20_000)
    const talk = await new MessageApi({ baseUrl: sandbox.url, apiKey: sandbox.apiKey }).get({ sessionId })
    expect(talk.items[0]).toMatchObject({ direction: 'outbound', content: { text: 'Sim, bom dia!' } })

    await page.locator('ol[data-listening]').waitFor({ state: 'attached' })
    await writes(sandbox, '5521944440001', name, 'Que bom!')
    await page.getByText(`${name}: Que bom!`).waitFor()

    await page.getByRole('button', { name: 'Elsewhere' }).click()
    await vi.waitFor(async () => expect(await said(page)).toBe('connection_failed'), 20_000)

    expect(wrong).toEqual([])
    expect(Object.values(pages).join()).not.toContain(sandbox.apiKey)
    expect(sent.some((headers) => headers['idempotency-key'] !== undefined)).toBe(true)
    expect(JSON.stringify(sent)).not.toContain(sandbox.apiKey)
    await page.close()
    await backend.close()
  })
})

const said = (page: Page) => page.locator('output').textContent()

/** Each colour of a text in the page with the one behind it, as red, green and blue, and where it is. */
function colours() {
  const parts = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number)
  const found = new Map<string, { text: number[]; behind: number[]; where: string }>()
  for (const element of document.querySelectorAll('body *:not(script, style)')) {
    if (!Array.from(element.childNodes).some((node) => node.nodeType === 3 && node.textContent?.trim())) {
      continue
    }
    const text = parts(getComputedStyle(element).color)
    let behind: number[] = []
    for (let at: Element | null = element; at && behind.length === 0; at = at.parentElement) {
      const [red = 0, green = 0, blue = 0, opacity = 1] = parts(getComputedStyle(at).backgroundColor)
      behind = opacity === 0 ? [] : [red, green, blue]
    }
    found.set(`${text} on ${behind}`, { text, behind, where: `${element.tagName}.${element.className}` })
  }
  return [...found.values()]
}

/** How far two colours are apart, from 1 to 21, as the WCAG counts it; 4.5 is enough for text. */
function contrast(one: number[], other: number[]): number {
  const light = ([red = 0, green = 0, blue = 0]: number[]) => {
    const [r = 0, g = 0, b = 0] = [red, green, blue]
      .map((part) => part / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const [dark = 0, bright = 0] = [light(one), light(other)].sort((a, b) => a - b)
  return (bright + 0.05) / (dark + 0.05)
}

describe('the reference page in Chromium', () => {
  const snippet = (page: Page, language: string) => page.locator(`#createContact figure[data-language=${language}] pre`)

  it('shows every snippet where there is no JavaScript', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${sandbox.url}/docs`)
    expect(await snippet(page, 'curl').isVisible()).toBe(true)
    expect(await snippet(page, 'typescript').isVisible()).toBe(true)
    expect(await page.locator('figure:visible').count()).toBe(await page.locator('figure').count())
    await context.close()
  })

  it('has tabs that keys reach, and one language for all of it', async () => {
    const page = await browser.newPage({ reducedMotion: 'reduce' })
    await page.goto(`${sandbox.url}/docs#createContact`)
    expect(await snippet(page, 'curl').isVisible()).toBe(true)
    expect(await snippet(page, 'typescript').isVisible()).toBe(false)
    const tabs = page.locator('#createContact').getByRole('tab')
    await tabs.first().focus()
    await page.evaluate(() => scrollTo(0, scrollY + 100))
    const at = (await tabs.first().boundingBox())?.y
    await page.keyboard.press('ArrowRight')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('TypeScript')
    expect(await tabs.nth(1).getAttribute('aria-selected')).toBe('true')
    expect((await tabs.first().boundingBox())?.y).toBeCloseTo(at ?? 0, 0)
    expect(await snippet(page, 'curl').isVisible()).toBe(false)
    expect(await snippet(page, 'typescript').isVisible()).toBe(true)
    expect(await page.locator('figure[data-language=curl]:visible').count()).toBe(6) // those without another language
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Copy')
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Home')
    expect(await snippet(page, 'curl').isVisible()).toBe(true)
    await page.close()
  })

  it.each(['light', 'dark'] as const)(
    'can be read: every text stands out from what is behind it (%s)',
    async (scheme) => {
      const page = await browser.newPage({ colorScheme: scheme })
      await page.goto(`${sandbox.url}/docs`)
      const pairs = await page.evaluate(colours)
      expect(pairs.length).toBeGreaterThan(8)
      expect(pairs.filter(({ text, behind }) => contrast(text, behind) < 4.5)).toEqual([])
      await page.close()
    },
  )

  it('copies a snippet as it stands', async () => {
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] })
    const page = await context.newPage()
    await page.goto(`${sandbox.url}/docs`)
    await page.locator('#createContact figure:visible .copy').click()
    await page.getByText('Copied').waitFor()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    expect(copied).toBe(await snippet(page, 'curl').textContent())
    expect(copied).toMatch(/^curl -X POST "\$OMNI_URL\/api\/accounts\//)
    await context.close()
  })
})
