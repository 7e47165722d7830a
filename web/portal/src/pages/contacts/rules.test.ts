import { describe, expect, it } from 'vitest';
import { type ContactFields, NO_FIELDS } from '../../data/contacts';
import { checkContact, settled } from './rules';

const anna: ContactFields = { ...NO_FIELDS, display_name: 'Anna' };

function refused(fields: Partial<ContactFields>): [string, string][] {
  return checkContact({ ...anna, ...fields }).map(({ field, rule }) => [field, rule.code]);
}

describe('a contact', () => {
  it('needs something to be called by', () => {
    expect(refused({ display_name: '  ' })).toEqual([['display_name', 'required']]);
    expect(refused({ display_name: null, mail: 'anna@x.org' })).toEqual([]);
  });

  it('has addresses of their kind', () => {
    for (const sip of ['sip:a@b', 'A@B.example;transport=tls', 'SIPS:a@b']) {
      expect([sip, refused({ sip })]).toEqual([sip, []]);
    }
    for (const mail of ['a@', '@b', 'a b@c', 'a@b@c', 'a@.b', 'a@b..c', 'a']) {
      expect([mail, refused({ mail })]).toEqual([mail, [['mail', 'format']]]);
    }
    expect(refused({ skype: 'live:anna' })).toEqual([]);
    expect(refused({ skype: 'two words' })).toEqual([['skype', 'format']]);
  });

  it('is a person or a service, not both', () => {
    expect(refused({ is_ucma_endpoint: true, is_hybrid: true })).toEqual([
      ['is_hybrid', 'only_for_persons'],
    ]);
    expect(refused({ is_display_name_overwrite_enabled: true })).toEqual([
      ['is_display_name_overwrite_enabled', 'only_for_services'],
    ]);
    expect(refused({ is_ucma_endpoint: true, is_display_name_overwrite_enabled: true })).toEqual([
      ['is_display_name_overwrite_enabled', 'needs'],
    ]);
    expect(refused({ is_contactable_through_consumer_skype: true })).toEqual([
      ['is_contactable_through_consumer_skype', 'needs'],
    ]);
  });

  it('sends nothing that its kind may not have', () => {
    const service = { ...anna, is_ucma_endpoint: true, is_hybrid: true, staffed_by: 'group' };

    expect(settled(service)).toMatchObject({ is_hybrid: false, staffed_by: 'group' });
    expect(settled({ ...service, is_ucma_endpoint: false })).toMatchObject({ staffed_by: null });
  });
});
