import type { Enquiry } from '../../data/enquiries';

/** Where whoever asks is reached, in one line. */
export function addressOf({ asker }: Enquiry): string {
  return [asker.phone, asker.mail].filter(Boolean).join(' · ');
}
