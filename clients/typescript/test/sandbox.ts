import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the real server is, and its demo account. */
export interface Sandbox {
  url: string
  /** The simulated 360dialog's control. */
  control: string
  clientIdentifier: string
  apiKey: string
  adminKey: string
}

const binary = process.env.OMNI_BINARY ?? fileURLToPath(new URL('../../../bin/omnichannel', import.meta.url))

/** Starts `omnichannel sandbox` on free ports and an empty store of its own. */
export async function startSandbox(): Promise<{ sandbox: Sandbox; stop: () => Promise<void> }> {
  await access(binary).catch(() => {
    throw new Error(`there is no ${binary}: run \`make build\` in the project's root`)
  })
  const folder = await mkdtemp(join(tmpdir(), 'omnichannel-client-'))
  const port = '127.0.0.1:0'
  const child = spawn(binary, ['sandbox'], {
    env: {
      ...process.env,
      OMNI_DATA_DIR: folder,
      OMNI_ADDR: port,
      OMNI_OPS_ADDR: port,
      OMNI_SANDBOX_ADDR: port,
      OMNI_SANDBOX_CONTROL_ADDR: port,
      OMNI_ALLOW_HOSTS: '127.0.0.1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = once(child, 'exit')
  const stop = async () => {
    child.kill('SIGTERM')
    await exited
    await rm(folder, { recursive: true, force: true })
  }
  let printed = ''
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const ready = new Promise<true>((resolve) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text
      if (printed.includes('Ctrl-C ends everything')) {
        resolve(true)
      }
    })
  })
  if ((await Promise.race([ready, exited])) !== true) {
    await stop()
    throw new Error(`the sandbox ended before it was ready:\n${printed}${errors}`)
  }
  return { sandbox: read(printed), stop }
}

function read(printed: string): Sandbox {
  const named = (pattern: RegExp) => {
    const found = pattern.exec(printed)?.[1]
    if (!found) {
      throw new Error(`no ${pattern} in what the sandbox printed:\n${printed}`)
    }
    return found
  }
  return {
    url: named(/^The API: +(\S+)/m),
    control: named(/its control: (\S+\/control)\//),
    clientIdentifier: named(/^Account: +(\S+)/m),
    apiKey: named(/^API key: +(\S+)/m),
    adminKey: named(/^Admin key: +(\S+)/m),
  }
}
