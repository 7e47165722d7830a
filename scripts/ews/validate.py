"""Holds XML files against a schema: validate.py SCHEMA FILE…. The codes of SOAP faults are those of messages.xsd."""

import pathlib
import sys

from lxml import etree

SOAP = "{http://schemas.xmlsoap.org/soap/envelope/}"
XS = "{http://www.w3.org/2001/XMLSchema}"
ERRORS = "{http://schemas.microsoft.com/exchange/services/2006/errors}"


def codes_of(messages):
    """Every code that an answer may have."""
    kind = etree.parse(messages).find(f"{XS}simpleType[@name='ResponseCodeType']")
    return {one.get("value") for one in kind.iter(f"{XS}enumeration")}


def refused(document, schema, codes):
    """Why the document is not what it should be, or nothing."""
    if not schema.validate(document):
        return schema.error_log.last_error.message
    fault = document.find(f"{SOAP}Body/{SOAP}Fault")
    if fault is None:
        return None
    code = fault.findtext(f"detail/{ERRORS}ResponseCode")
    if code not in codes or fault.findtext("faultcode").rpartition(":")[2] != code:
        return f"`{code}` is no code of a fault"
    return None


def main(schema, *files):
    codes = codes_of(pathlib.Path(schema).with_name("messages.xsd"))
    schema = etree.XMLSchema(etree.parse(schema))
    failed = faults = 0
    for file in files:
        document = etree.parse(file)
        faults += document.find(f"{SOAP}Body/{SOAP}Fault") is not None
        problem = refused(document, schema, codes)
        if problem is not None:
            failed += 1
            print(f"FAIL {file}: {problem}")
    print(f"{len(files) - failed} valid, {faults} of all are faults, {failed} invalid")
    return failed


sys.exit(1 if main(*sys.argv[1:]) else 0)
