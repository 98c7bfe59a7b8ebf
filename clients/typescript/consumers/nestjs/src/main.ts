import 'reflect-metadata'
import { type ClientOptions, ContactApi, EventApi } from '@cirrus/omnichannel_api'
import { OmnichannelModule } from '@cirrus/omnichannel_api/nestjs'
import { Injectable, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { CreateExample } from './seed/create'
import { ListExample } from './seed/list'
import { UpdateExample } from './seed/update'

const { OMNI_URL = '', OMNI_KEY = '', OMNI_ACCOUNT = '', OMNI_CHANNEL = '', OMNI_CONTACT = '' } = process.env

/** The ids that the seed prints, and what stands for them here. */
const ids: Record<string, string> = {
  '9a92ea44-244c-4cda-86be-6a9e32ba8f34': OMNI_ACCOUNT,
  '689a05215b711247e8f54022': OMNI_CHANNEL,
  '68e54649a3744412be5cc107': OMNI_CONTACT,
}
const here = (text: string) => Object.entries(ids).reduce((all, [seed, id]) => all.replaceAll(seed, id), text)
const log: { method: string; status: number; answer: unknown }[] = []

const translating: typeof fetch = async (input, init = {}) => {
  const body = typeof init.body === 'string' ? { body: here(init.body) } : {}
  const response = await fetch(here(String(input)), { ...init, ...body })
  log.push({ method: init.method ?? '', status: response.status, answer: await response.clone().json() })
  return response
}

@Injectable()
class Settings {
  readonly client: ClientOptions = { baseUrl: OMNI_URL, apiKey: OMNI_KEY, fetch: translating }
}

@Module({ providers: [Settings], exports: [Settings] })
class SettingsModule {}

@Injectable()
class Watcher {
  constructor(readonly eventApi: EventApi) {}
}

@Module({
  imports: [
    OmnichannelModule.forRootAsync({
      imports: [SettingsModule],
      inject: [Settings],
      useFactory: (settings: Settings) => settings.client,
    }),
  ],
  providers: [CreateExample, UpdateExample, ListExample, Watcher],
})
class AppModule {}

@Module({ providers: [Watcher] })
class Far {}

@Module({ imports: [OmnichannelModule.forRoot({ isGlobal: true, baseUrl: OMNI_URL, apiKey: OMNI_KEY }), Far] })
class GlobalModule {}

async function main(): Promise<void> {
  const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error'] })
  await app.get(CreateExample).run()
  await app.get(UpdateExample).run()
  await app.get(ListExample).run()
  await app.close()
  const other = await NestFactory.createApplicationContext(GlobalModule, { logger: ['error'] })
  const injected = other.get(Far) && other.get(Watcher, { strict: false }).eventApi instanceof EventApi
  const listed = await other.get(ContactApi, { strict: false }).get({ clientIdentifier: OMNI_ACCOUNT, limit: 1 })
  await other.close()
  console.log(JSON.stringify({ log, injected, listed: listed.items.length }))
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
