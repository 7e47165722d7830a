#!/usr/bin/env bash
# Makes sure that the named programs are there: installs what is missing as root on Debian, otherwise
# says what to install, all of it at once, and fails.
#
#   scripts/need.sh node cc slapd …
set -euo pipefail

packages=()
sentences=()

# missing "PACKAGE …"|- SENTENCE
missing() {
    if [ "$1" = - ]; then sentences+=("$2"); else read -ra more <<<"$1"; packages+=("${more[@]}"); fi
}

has() {
    command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] || [ -x "/usr/lib/postgresql/15/bin/$1" ]
}

for need in "$@"; do
    case $need in
        cargo) has cargo || missing - "Rust: https://rustup.rs" ;;
        node)
            # Debian 12 has only Node 18, so this one is never installed by itself.
            node -e 'const [major, minor] = process.versions.node.split(".").map(Number);
                     process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' 2>/dev/null ||
                missing - "Node 20.19 or newer with npm: https://nodejs.org"
            ;;
        cc) has cc || missing gcc "" ;;
        slapd) has slapd || missing slapd "" ;;
        ldap-utils) has ldapsearch || missing ldap-utils "" ;;
        postgresql) has initdb || missing postgresql-15 "" ;;
        chromium) [ -n "${CHROMIUM:-}" ] || has chromium || has google-chrome || missing chromium "" ;;
        samba) { has samba && has samba-tool && has ldbadd; } ||
                missing "samba samba-ad-dc samba-ad-provision samba-dsdb-modules samba-vfs-modules winbind ldb-tools tdb-tools" "" ;;
        kamailio) { has kamailio && has sqlite3 && [ -d /usr/share/kamailio/db_sqlite ] &&
                find /usr/lib -path '*/kamailio/modules/presence.so' 2>/dev/null | grep -q . &&
                find /usr/lib -path '*/kamailio/modules/tls.so' 2>/dev/null | grep -q .; } ||
                missing "kamailio kamailio-presence-modules kamailio-sqlite-modules kamailio-tls-modules sqlite3" "" ;;
        sipp) has sipp || missing sip-tester "" ;;
        baresip) has baresip || missing baresip-core "" ;;
        ip) { has ip || [ -x /sbin/ip ]; } || missing iproute2 "" ;;
        unshare) has unshare || missing util-linux "" ;;
        openssl) has openssl || missing openssl "" ;;
        python3) has python3 || missing python3 "" ;;
        # The shell has one of its own, which programs cannot start.
        kill) type -P kill >/dev/null || missing procps "" ;;
        venv) python3 -c 'import ensurepip, venv' 2>/dev/null || missing python3-venv "" ;;
        wrk) has wrk || missing wrk "" ;;
        vips) has vipsthumbnail || missing libvips-tools "" ;;
        nginx) has nginx || missing nginx-light "" ;;
        nchan) [ -e /usr/lib/nginx/modules/ngx_nchan_module.so ] || missing libnginx-mod-nchan "" ;;
        *) missing - "nothing is known about \`$need\`" ;;
    esac
done

if [ ${#packages[@]} -gt 0 ]; then
    if [ "$(id -u)" = 0 ] && has apt-get; then
        echo "installing ${packages[*]}" >&2
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq || true
        # The tests start servers of their own; the system's need not run.
        if ! RUNLEVEL=1 apt-get install -y -qq --no-install-recommends "${packages[@]}" >&2; then
            sentences+=("apt-get install ${packages[*]}")
        fi
    else
        sentences+=("apt-get install ${packages[*]}")
    fi
fi

if [ ${#sentences[@]} -gt 0 ]; then
    echo "Something is missing:" >&2
    printf '  %s\n' "${sentences[@]}" >&2
    exit 1
fi
