"""Asks the emulated Exchange Server with exchangelib, and says whether the answers are what they should be."""

import datetime
import sys

from exchangelib import BASIC, DELEGATE, UTC, Account, Build, Configuration, Credentials, EWSDateTime, Version
from exchangelib.errors import ErrorMailRecipientNotFound, ErrorNameResolutionNoResults, UnauthorizedError
from exchangelib.properties import DaylightTime, FreeBusyViewOptions, MailboxData, StandardTime, TimeWindow, TimeZone
from exchangelib.services import GetUserAvailability

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


def half(kind, month):
    return kind(bias=0, time=datetime.time(2), occurrence=1, iso_month=month, weekday="Sunday")


def free_busy(protocol, addresses):
    """What is said of calendars, without asking for the server's time zones."""
    start, end = (EWSDateTime(2026, 11, 22, hour, tzinfo=UTC) for hour in (8, 11))
    zone = TimeZone(bias=0, standard_time=half(StandardTime, 10), daylight_time=half(DaylightTime, 3))
    return list(GetUserAvailability(protocol).call(
        tzinfo=UTC,
        mailbox_data=[MailboxData(email=of, attendee_type="Required", exclude_conflicts=False) for of in addresses],
        timezone=zone,
        free_busy_view_options=FreeBusyViewOptions(
            time_window=TimeWindow(start=start, end=end), merged_free_busy_interval=30,
            requested_view="DetailedMerged"),
    ))


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
    view, nobody = free_busy(protocol, ["anna.berg@example.com", "nobody@example.com"])
    # Features.md, T8: busy in the last hour of three.
    failed += check(view.merged == "000022", f"her morning from afar: {view.merged}")
    (event,) = view.calendar_events
    read = (event.busy_type, event.start.hour, event.end.hour)
    failed += check(read == ("Busy", 10, 11), f"her meeting: {read}")
    failed += check(isinstance(nobody, ErrorMailRecipientNotFound), f"nobody's calendar: {nobody!r}")
    try:
        account(url, "wrong").protocol.resolve_names(["anna"])
        failed += check(False, "a wrong password")
    except UnauthorizedError:
        failed += check(True, "a wrong password")
    return failed


sys.exit(1 if main(sys.argv[1].strip()) else 0)
