import {
  AccountApi,
  ChannelApi,
  type ClientOptions,
  ContactApi,
  EventApi,
  GatewayApi,
  MessageApi,
  PlatformApi,
  SessionApi,
  TemplateApi,
} from '@cirrus/omnichannel_api'
import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata, type Provider } from '@nestjs/common'

const apis = [
  ContactApi,
  SessionApi,
  MessageApi,
  ChannelApi,
  TemplateApi,
  EventApi,
  AccountApi,
  PlatformApi,
  GatewayApi,
]

/** The token under which the module keeps its options. */
export const OMNICHANNEL_OPTIONS = Symbol.for('@cirrus/omnichannel_api/options')

/** The options of {@link OmnichannelModule.forRoot}. */
export interface OmnichannelModuleOptions extends ClientOptions {
  /** Whether every module gets the APIs without importing this one. */
  isGlobal?: boolean
}

/** The options of {@link OmnichannelModule.forRootAsync}: `useFactory` makes the client's from what `inject` names. */
export interface OmnichannelModuleAsyncOptions
  extends Pick<ModuleMetadata, 'imports'>, Pick<FactoryProvider<ClientOptions>, 'inject' | 'useFactory'> {
  /** Whether every module gets the APIs without importing this one. */
  isGlobal?: boolean
}

/** Provides every API class, to be taken by a constructor: `constructor(private readonly contactApi: ContactApi) {}`. */
export class OmnichannelModule {
  /** With options that are known. */
  static forRoot({ isGlobal, ...options }: OmnichannelModuleOptions): DynamicModule {
    return assembled({ provide: OMNICHANNEL_OPTIONS, useValue: options }, isGlobal, [])
  }

  /** With options that are made when the application starts. */
  static forRootAsync({
    isGlobal,
    imports = [],
    inject = [],
    useFactory,
  }: OmnichannelModuleAsyncOptions): DynamicModule {
    return assembled({ provide: OMNICHANNEL_OPTIONS, inject, useFactory }, isGlobal, imports)
  }
}

Module({})(OmnichannelModule)

function assembled(
  options: Provider,
  isGlobal: boolean | undefined,
  imports: NonNullable<ModuleMetadata['imports']>,
): DynamicModule {
  const providers = apis.map((api) => ({
    provide: api,
    inject: [OMNICHANNEL_OPTIONS],
    useFactory: (given: ClientOptions) => new api(given),
  }))
  return {
    module: OmnichannelModule,
    global: isGlobal ?? false,
    imports,
    providers: [options, ...providers],
    exports: apis,
  }
}
