import { answer } from '@switchboard/client';
import { api, type Schema } from '../app/gateway';

/** What an address book means for a source. */
export type AddressBook = Schema<'AddressBookView'>;

/** Reads what `Get-CsAddressBookConfiguration` printed. */
export function readAddressBook(
  tenant: string,
  text: string,
  country: string | null,
): Promise<AddressBook> {
  return answer(
    api.POST('/tenants/{tenant}/sources/address_book', {
      params: { path: { tenant } },
      body: { text, country },
    }),
  );
}
