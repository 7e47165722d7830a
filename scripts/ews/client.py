"""Asks the emulated Exchange Server with exchangelib, and says whether the answers are what they should be."""

import sys

from exchangelib import BASIC, DELEGATE, Account, Build, Configuration, Credentials, Version
from exchangelib.errors import ErrorNameResolutionNoResults, UnauthorizedError

USER, PASSWORD = "EXAMPLE\\switchboard", "pässword"


def account(url, password):
    configuration = Configuration(
        service_endpoint=url,
        credentials=Credentials(USER, password),
        auth_type=BASIC,
        version=Version(Build(15, 1, 2507, 39)),
    )
    return Account("anna.berg@example.com", config=configuration, autodiscover=False, access_type=DELEGATE)


def check(holds, what):
    print("ok  " if holds else "FAIL", what)
    return 0 if holds else 1


def main(url):
    failed = 0
    protocol = account(url, PASSWORD).protocol
    (found,) = protocol.resolve_names(["smtp:a.berg@example.com"], return_full_contact_data=True)
    mailbox, contact = found
    failed += check(mailbox.email_address == "anna.berg@example.com", "one person by another address")
    expected = ("Berg, Anna <R&D>", "Anna", "Berg", "Example & Co", "Engineer", "B1/12")
    read = (contact.display_name, contact.given_name, contact.surname, contact.company_name, contact.job_title,
            contact.office)
    failed += check(read == expected, f"what is known of her: {read}")
    phones = {phone.label: phone.phone_number for phone in contact.phone_numbers}
    failed += check(phones.get("BusinessPhone") == "+49 30 1234", f"her telephone: {phones}")
    (place,) = contact.physical_addresses
    read = (place.street, place.city, place.state, place.country, place.zipcode)
    failed += check(read == ("Torstraße 1", "Berlin", "BE", "Germany", "10115"), f"where she works: {read}")
    sip = [address.im_address for address in contact.im_addresses]
    failed += check(sip == ["sip:anna.berg@example.com"], f"her SIP address: {sip}")
    several = protocol.resolve_names(["anna"], return_full_contact_data=False)
    failed += check(len(several) == 2, f"several people by the beginning of a name: {len(several)}")
    try:
        nobody = protocol.resolve_names(["nobody@example.com"])
        failed += check(not nobody or isinstance(nobody[0], ErrorNameResolutionNoResults), f"nobody: {nobody}")
    except ErrorNameResolutionNoResults:
        failed += check(True, "nobody")
    try:
        account(url, "wrong").protocol.resolve_names(["anna"])
        failed += check(False, "a wrong password")
    except UnauthorizedError:
        failed += check(True, "a wrong password")
    return failed


sys.exit(1 if main(sys.argv[1].strip()) else 0)
