import { execFile } from 'node:child_process'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The package's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** The packed package, as `npm pack` makes it. */
export const tarball = join(root, 'build', 'cirrus-omnichannel_api.tgz')

/** Where the projects are that use the package. */
export const consumers = join(root, 'consumers')

/** Packs dist and installs the package into every consumer, as its users do. */
export async function packAndInstall(): Promise<void> {
  const build = join(root, 'build')
  await rm(build, { recursive: true, force: true })
  await mkdir(build)
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', build], { cwd: root })
  const [packed] = await readdir(build)
  if (!packed) {
    throw new Error('npm pack made nothing')
  }
  await rename(join(build, packed), tarball)
  const projects = await readdir(consumers)
  await Promise.all(projects.map((name) => install(join(consumers, name))))
}

async function install(folder: string): Promise<void> {
  await rm(join(folder, 'node_modules'), { recursive: true, force: true })
  const offline = ['--no-save', '--no-package-lock', '--offline', '--ignore-scripts', '--no-audit', '--no-fund']
  await run('npm', ['install', ...offline, tarball], { cwd: folder })
}
