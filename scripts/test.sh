#!/usr/bin/env bash
# Runs every test, web and Rust, also after a failure, and ends with their sum.
set -uo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
building=
trap 'rm -f "$log"; kill $building 2>/dev/null' EXIT
failed=0
broken=()

step() {
    echo "== $*"
    "$@" 2>&1 | tee -a "$log" || { failed=1; broken+=("$*"); }
}

# A browser leaves half of the machine idle: what the last step needs is built meanwhile, behind it.
nice -n 10 cargo test --workspace --no-run --quiet >/dev/null 2>&1 &
building=$!
# The pages are built: to build them again would have the gateway that embeds them built again.
step npm --prefix web run check
step env -C web npx vitest run
step node web/e2e/run.mjs
wait "$building"
step cargo test --workspace --no-fail-fast

# vitest: "Tests  1 failed | 12 passed (13)"; the browser: "6 of 7 scenarios passed"; cargo:
# "test result: ok. 12 passed; 0 failed; …". Colours are taken out first.
sed 's/\x1b\[[0-9;]*m//g' "$log" | awk -v failed="$failed" '
    /^[0-9]+ of [0-9]+ scenarios passed$/ { good += $1; bad += $3 - $1 }
    /^ *Tests  / || /^test result:/ {
        for (i = 2; i <= NF; i++) {
            if ($i ~ /^passed[;,]?$/) good += $(i - 1)
            if ($i ~ /^failed[;,]?$/) bad += $(i - 1)
        }
    }
    END {
        # A step that could not even run counts as a failure.
        if (failed && !bad) bad = 1
        printf "%d passed, %d failed\n", good, bad
    }'
# Whoever sees only the end of the log learns where to look.
[ ${#broken[@]} -eq 0 ] || printf 'failed: %s\n' "${broken[@]}"
sed 's/\x1b\[[0-9;]*m//g' "$log" | grep -E '^FAIL |^test .* FAILED$|error TS[0-9]+:|^error(\[E[0-9]+\])?:| ✗ | FAIL  ' | sort -u | head -n 40
exit "$failed"
