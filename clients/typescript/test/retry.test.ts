import { describe, expect, it } from 'vitest'
import { pause, retryAfter } from '../src/core/retry.js'

describe('a pause', () => {
  it('doubles, and half of it is by chance', () => {
    const least = [1, 2, 3, 4].map((failed) => pause(failed, undefined, () => 0))
    const most = [1, 2, 3, 4].map((failed) => pause(failed, undefined, () => 1))
    expect(least).toEqual([125, 250, 500, 1000])
    expect(most).toEqual([250, 500, 1000, 2000])
  })

  it('is never shorter than what the server asks for', () => {
    expect(pause(1, 3, () => 0)).toBe(3000)
    expect(pause(5, 3, () => 1)).toBe(3250)
  })
})

describe('Retry-After', () => {
  const now = Date.parse('2026-01-02T03:04:05Z')

  it.each([
    ['7', 7],
    ['0', 0],
    ['-1', 0],
    ['Fri, 02 Jan 2026 03:05:05 GMT', 60],
    ['Fri, 02 Jan 2026 03:04:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [null, undefined],
  ])('%j is %j seconds', (header, seconds) => {
    expect(retryAfter(header, now)).toBe(seconds)
  })
})
