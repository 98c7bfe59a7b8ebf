import type { TestProject } from 'vitest/node'
import { packAndInstall } from './pack.js'
import { type Sandbox, startSandbox } from './sandbox.js'

declare module 'vitest' {
  export interface ProvidedContext {
    sandbox: Sandbox
  }
}

/** Packs the package, gives it to the consumers, and starts the real server for all tests. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await packAndInstall()
  const { sandbox, stop } = await startSandbox()
  project.provide('sandbox', sandbox)
  return stop
}
