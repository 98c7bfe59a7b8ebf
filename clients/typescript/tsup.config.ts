import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { index: 'src/index.ts', 'nestjs/index': 'src/nestjs/index.ts' },
  format: ['esm', 'cjs'],
  // Neutral: a Node built-in in the source breaks the build.
  platform: 'neutral',
  target: 'es2022',
  dts: true,
  sourcemap: true,
  clean: true,
  splitting: false,
  // The Nest entry takes the classes from the main one, so that there is one of each.
  external: ['@cirrus/omnichannel_api', '@nestjs/common'],
})
