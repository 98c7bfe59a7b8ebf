import { readFile } from 'node:fs/promises'

/** The programs in TypeScript of a Markdown file, by the heading that each is under; those under one heading are one. */
export async function examples(file: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  for (const part of (await readFile(file, 'utf8')).split(/^##+ /m).slice(1)) {
    const blocks = [...part.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code as string)
    if (blocks.length > 0) {
      found.set(part.slice(0, part.indexOf('\n')), blocks.join('\n'))
    }
  }
  return found
}

/** The name of the file for what is under a heading, without its ending. */
export const fileOf = (heading: string): string => heading.toLowerCase().replace(/[^a-z]+/g, '-')
