"""Holds XML files against a schema: validate.py SCHEMA FILE…; SOAP faults, which have no schema here, are counted."""

import sys

from lxml import etree

SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"


def main(schema, *files):
    schema = etree.XMLSchema(etree.parse(schema))
    failed = faults = 0
    for file in files:
        document = etree.parse(file)
        if document.find(f"{SOAP}Body/{SOAP}Fault") is not None:
            faults += 1
        elif not schema.validate(document):
            failed += 1
            print(f"FAIL {file}: {schema.error_log.last_error.message}")
    print(f"{len(files) - failed - faults} valid, {failed} invalid, {faults} faults")
    return failed


sys.exit(1 if main(*sys.argv[1:]) else 0)
