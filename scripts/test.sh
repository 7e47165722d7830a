#!/usr/bin/env bash
# Runs every test, web and Rust, also after a failure, and ends with their sum.
set -uo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
building=
trap 'rm -f "$log" "$log.again"; kill $building 2>/dev/null' EXIT
again=0
broken=()

step() {
    echo "== $*"
    "$@" 2>&1 | tee -a "$log" || { broken+=("$*"); return 1; }
}

# Colours are taken out.
plain() { sed 's/\x1b\[[0-9;]*m//g' "$log"; }

# The Rust tests. Of those that fail up to three are tried once more, when nothing else runs: what fails twice is broken, what
# fails once was not steady on a busy machine, which is said at the end.
rust() {
    local names
    step cargo test --workspace --no-fail-fast && return
    mapfile -t names < <(plain | sed -nE 's/^test (.*) \.\.\. FAILED$/\1/p' | sort -u)
    [ ${#names[@]} -gt 0 ] && [ ${#names[@]} -le 3 ] || return
    # A program that died named no test that failed.
    plain | grep -q "process didn't exit successfully" && return
    echo "== once more, alone: ${names[*]}"
    cargo test --workspace --no-fail-fast -- --exact "${names[@]}" 2>&1 | tee "$log.again" || return
    [ "$(grep -cE '^test .* \.\.\. ok$' "$log.again")" -ge ${#names[@]} ] || return
    again=${#names[@]}
    unset 'broken[-1]'
    printf 'UNSTEADY  %s passed only the second time\n' "${names[@]}" >>"$log"
}

# A browser leaves half of the machine idle: what the last step needs is built meanwhile, behind it.
nice -n 10 cargo test --workspace --no-run --quiet >/dev/null 2>&1 &
building=$!
# The pages are built: to build them again would have the gateway that embeds them built again.
step npm --prefix web run check
step env -C web npx vitest run
step node web/e2e/run.mjs
wait "$building"
rust
[ ${#broken[@]} -eq 0 ] && failed=0 || failed=1

# vitest: "Tests  1 failed | 12 passed (13)"; the browser: "6 of 7 scenarios passed"; cargo:
# "test result: ok. 12 passed; 0 failed; …".
plain | awk -v failed="$failed" -v again="$again" '
    /^[0-9]+ of [0-9]+ scenarios passed$/ { good += $1; bad += $3 - $1 }
    /^ *Tests  / || /^test result:/ {
        for (i = 2; i <= NF; i++) {
            if ($i ~ /^passed[;,]?$/) good += $(i - 1)
            if ($i ~ /^failed[;,]?$/) bad += $(i - 1)
        }
    }
    END {
        good += again
        bad -= again
        # A step that could not even run counts as a failure.
        if (failed && !bad) bad = 1
        printf "%d passed, %d failed\n", good, bad
    }'
# Whoever sees only the end of the log learns where to look.
[ ${#broken[@]} -eq 0 ] || printf 'failed: %s\n' "${broken[@]}"
plain | grep -E '^UNSTEADY |^FAIL |^test .* FAILED$|error TS[0-9]+:|^error(\[E[0-9]+\])?:| ✗ | FAIL  ' | sort -u | head -n 40
exit "$failed"
