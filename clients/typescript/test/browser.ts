import { execFile } from 'node:child_process'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createBrotliDecompress } from 'node:zlib'
import { type Browser, chromium } from 'playwright-core'
import { root } from './pack.js'

const run = promisify(execFile)

/** Where the package carries the browser, and the libraries that not every system has. */
const archives = join(root, 'node_modules', '@sparticuz', 'chromium', 'bin')
const folder = join(root, 'build', 'browser')

/** Starts a real Chromium without a window, unpacked of a package of the registry (Linux on x86-64). */
export async function startBrowser(): Promise<Browser> {
  await mkdir(folder, { recursive: true })
  const executablePath = join(folder, 'chromium')
  await Promise.all([unpack('chromium.br', createWriteStream(executablePath, { mode: 0o700 })), unpackLibraries()])
  const env = { ...(process.env as Record<string, string>), LD_LIBRARY_PATH: join(folder, 'lib') }
  return chromium.launch({ executablePath, env, args: ['--no-sandbox', '--no-zygote'] })
}

function unpack(archive: string, into: NodeJS.WritableStream): Promise<void> {
  return pipeline(createReadStream(join(archives, archive)), createBrotliDecompress(), into)
}

async function unpackLibraries(): Promise<void> {
  const tar = join(folder, 'libraries.tar')
  await unpack('al2023.tar.br', createWriteStream(tar))
  await run('tar', ['-xf', tar, '-C', folder])
}
