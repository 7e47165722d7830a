import type { Rule } from '@switchboard/client';
import type { PlainKey, Translate } from '../i18n/catalogue';

/** Why a value is refused: a rule that the gateway knows too, or a text that says it all. */
export type Reason = Rule | { code: 'text'; text: string };

/** The gateway's descriptions of forms of text, and ours. */
const FORMATS: Record<string, PlainKey> = {
  'a SIP address such as sip:anna@example.com': 'rule.format.sip',
  'a mail address such as anna@example.com': 'rule.format.mail',
  'a Skype name without spaces, such as live:anna': 'rule.format.skype',
  'text without control characters': 'rule.format.control',
  'a host name without wildcard, such as www.example.com': 'rule.format.host',
  'an IANA time zone such as Europe/Berlin': 'rule.format.time_zone',
  'a number such as +493012345600': 'rule.format.number',
  'an extension such as 204, a number such as +493012345600, or an address such as sip:anna@example.com':
    'rule.format.call_target',
  'a number as long as `from` and not before it': 'rule.format.number_to',
  'the name of an HTTP header, at most 64 characters': 'rule.format.header',
  'an http or https address of at most 512 characters': 'rule.format.url',
  'a password that does not contain the user name': 'rule.format.password',
  'the present password': 'rule.format.current_password',
  'a code that was not used before': 'rule.format.code',
  'an address such as https://id.example.com, without a query': 'rule.format.issuer',
  'a word without spaces such as profile': 'rule.format.scope',
  'an address such as ldaps://dc1.example.com:636': 'rule.format.ldap',
  'a path below the folder for file sources, without `..`': 'rule.format.path',
  'a moment within a year from now': 'rule.format.within_year',
  'a moment in the future': 'rule.format.future',
  'a search filter such as (&(objectClass=person)(l=Berlin))': 'rule.format.filter',
  'five cron fields within their ranges, such as 30 1 * * *': 'rule.format.cron',
  'the two capital letters of a country, such as DE': 'rule.format.country',
  'a regular expression such as ^(\\w+) .*$, not too large, without look-around':
    'rule.format.expression',
  'text that names only groups of the expression, such as $1 or ${1}': 'rule.format.groups',
  'a name without a colon, which would end it': 'rule.format.no_colon',
  'an address such as https://mail.example.com/path, without a user name': 'rule.format.service',
  'the identity of an Entra tenant, or a domain such as example.onmicrosoft.com':
    'rule.format.entra',
  'a domain such as example.com': 'rule.format.domain',
  'an address such as https://www.example.com/privacy': 'rule.format.privacy',
  'a name such as sip.example.com, or an address': 'rule.format.server',
  'an address such as sip:switchboard@example.com': 'rule.format.sip_user',
  'a time of day such as 01:30 or 1:30 AM': 'rule.format.time',
  'a time span from 00:00:05 to 03:00:00': 'rule.format.span',
  'the output of Get-CsAddressBookConfiguration, such as `RunTimeOfDay : 01:30`':
    'rule.format.address_book',
  'an address such as https://hooks.example.com/switchboard, without a user name':
    'rule.format.webhook',
  '24 to 512 characters; after `whsec_` base64': 'rule.format.signing',
  'a language such as `de` or `pt-BR`': 'rule.format.language',
  'a color such as `#0d5a63` or `light-dark(#0d5a63, #6fd0d6)`': 'rule.format.color',
  'a length such as `0.75rem`, `12px` or `0`': 'rule.format.length',
  'font families such as `"Open Sans", sans-serif`': 'rule.format.font',
  'a key such as `greeting`: a to z, 0 to 9 and _, at most 64 characters': 'rule.format.key',
  'each of platform, calendar and call once': 'rule.format.presence_order',
  'a JPEG or PNG picture': 'rule.format.picture',
  'a complete and undamaged JPEG or PNG picture': 'rule.format.whole_picture',
  'a baseline or progressive JPEG, or a PNG picture': 'rule.format.usual_picture',
};

/** What is counted. */
const LENGTHS: Record<string, 'rule.too_long' | 'rule.too_many_pixels' | 'rule.too_many_levels'> = {
  characters: 'rule.too_long',
  pixels: 'rule.too_many_pixels',
  levels: 'rule.too_many_levels',
};

/** Why a value is refused, in the language of the page. */
export function ruleText(t: Translate, rule: Reason): string {
  switch (rule.code) {
    case 'text':
      return rule.text;
    case 'too_long':
      return t(LENGTHS[rule.unit] ?? 'rule.too_many', { max: rule.max });
    case 'too_short':
      return t('rule.too_short', { min: rule.min });
    case 'out_of_range':
      return t('rule.out_of_range', { min: rule.min, max: rule.max });
    case 'format': {
      const known = FORMATS[rule.expected];
      return known ? t(known) : t('rule.format', { expected: rule.expected });
    }
    case 'one_of':
      return t('rule.one_of', { allowed: rule.allowed });
    case 'needs':
    case 'excludes':
      return t(`rule.${rule.code}`, { other: rule.other });
    case 'markup':
      return t('rule.markup', { line: rule.line, problem: t(`rule.markup.${rule.problem}`) });
    case 'held':
      return t('rule.held', { by: rule.by });
    default:
      return t(`rule.${rule.code}`);
  }
}
