import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NO_SCOPE } from '../platform/actor.ts'
import { checkHomeRegion } from './home-region.ts'

describe('The home region of a leader', () => {
  const partner = { scope: { ...NO_SCOPE, regions: ['London', 'South East'] } }

  it('is one that the person looks after, or stays what it was', () => {
    assert.deepEqual(checkHomeRegion(partner, { region: 'London' }), [])
    assert.deepEqual(checkHomeRegion(partner, { region: 'North East' }, { region: 'North East' }), [])
    const [refusal] = checkHomeRegion(partner, { region: 'North East' }, { region: 'London' })
    assert.equal(refusal?.message, 'Choose a region that you look after: London or South East')
  })

  it('is any for somebody who sees all of England, and none for somebody without a region', () => {
    assert.deepEqual(checkHomeRegion({ scope: { ...NO_SCOPE, everything: true } }, { region: 'London' }), [])
    assert.equal(checkHomeRegion({ scope: NO_SCOPE }, { region: 'London' })[0]?.code, 'region.not-yours')
  })
})
