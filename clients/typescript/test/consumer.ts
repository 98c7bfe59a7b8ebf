import { execFile, spawn } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as prettier from 'prettier'
import { consumers, root } from './pack.js'

const run = promisify(execFile)

/** Compiles a consumer with its own settings; rejects with what the compiler says. */
export async function compile(consumer: string): Promise<void> {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const failed = (error: { stdout?: string }) => {
    throw new Error(`${consumer} does not compile:\n${error.stdout}`)
  }
  await run(process.execPath, [tsc, '-p', join(consumers, consumer)]).catch(failed)
}

/** Gives a consumer these programs in place of those that it had, and compiles them; they must be formatted, too. */
export async function compilePrograms(consumer: string, programs: Iterable<readonly [string, string]>): Promise<void> {
  const folder = join(consumers, consumer, 'src')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder)
  const style = await prettier.resolveConfig(join(root, 'package.json'))
  for (const [name, code] of programs) {
    if (!(await prettier.check(`${code.trimEnd()}\n`, { ...style, parser: 'typescript' }))) {
      throw new Error(`${consumer}/${name} is not formatted:\n${code}`)
    }
    await writeFile(join(folder, name), code)
  }
  await compile(consumer)
}

/** Runs a compiled program to its end, and gives what it printed. */
export async function output(consumer: string, program: string, env: Record<string, string>): Promise<string> {
  const path = join(consumers, consumer, 'dist', program)
  const { stdout, stderr } = await run(process.execPath, [path], { env: { ...process.env, ...env }, timeout: 50_000 })
  if (stderr !== '') {
    throw new Error(`${consumer}/${program} complains:\n${stderr}`)
  }
  return stdout
}

/** A program that runs until it is ended. */
export interface Running {
  /** Waits until it has printed something that matches. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  end(): Promise<void>
}

/** Starts a compiled program that goes on. */
export function start(consumer: string, program: string, env: Record<string, string>): Running {
  const path = join(consumers, consumer, 'dist', program)
  const child = spawn(process.execPath, [path], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let text = ''
  const printed = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(text)
        if (found) {
          child.stdout.off('data', look)
          resolve(found)
        }
      }
      child.stdout.on('data', look)
      child.once('exit', () => reject(new Error(`it ended without ${pattern}:\n${text}`)))
      look()
    })
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more
  })
  return {
    printed,
    end: async () => {
      child.kill('SIGTERM')
      await exited
    },
  }
}
