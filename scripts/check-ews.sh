#!/usr/bin/env bash
# Holds the emulated Exchange Server, and what the gateway sends to one, against the published schemas and against
# exchangelib, a client that somebody else wrote.
#
#   scripts/check-ews.sh FOLDER     with messages.xsd and types.xsd of Exchange Web Services in it
set -euo pipefail
cd "$(dirname "$0")/.."

schemas=${1:?usage: scripts/check-ews.sh FOLDER, the one with messages.xsd and types.xsd}
scratch=$(mktemp -d)
emulator=
trap '[ -z "$emulator" ] || kill "$emulator" 2>/dev/null || true; rm -rf "$scratch"' EXIT

echo "== the schemas"
mkdir "$scratch/xsd" "$scratch/seen"
cp scripts/ews/envelope.xsd scripts/ews/xml.xsd "$schemas/messages.xsd" "$scratch/xsd/"
# One type names the heads of a substitution group beside its members, which libxml2 calls ambiguous and refuses.
sed -E '/ref="t:(AbsoluteDate|RecurringDay|RecurringDate)Transition"/d' "$schemas/types.xsd" > "$scratch/xsd/types.xsd"

echo "== the client"
python3 -m venv "$scratch/venv"
"$scratch/venv/bin/pip" install --quiet exchangelib

cargo build --quiet --package suite --bin emulate-ews
mkfifo "$scratch/stop"
target/debug/emulate-ews "$scratch/seen" < "$scratch/stop" > "$scratch/url" &
emulator=$!
# It ends when this end is closed.
exec 3> "$scratch/stop"
until [ -s "$scratch/url" ]; do
    kill -0 "$emulator"
    sleep 0.1
done
"$scratch/venv/bin/python" scripts/ews/client.py "$(cat "$scratch/url")"
exec 3>&-
wait "$emulator"
emulator=

echo "== every request and every answer"
"$scratch/venv/bin/python" scripts/ews/validate.py "$scratch/xsd/envelope.xsd" \
    "$scratch"/seen/*.xml tests/suite/source/ews/*.xml
