# shellcheck shell=sh
# What demo and test share: Debian's packages and the virtual environment, each made when missing.
# Sourced by both, from the project's folder. Works as root, or as a user with sudo.

# One list per purpose.
panel_packages="slapd ldap-utils gcc python3-dev python3-venv libldap-dev libsasl2-dev"
# shellcheck disable=SC2034 # Used by the demo script.
demo_mail_packages="postfix postfix-ldap dovecot-core dovecot-imapd dovecot-lmtpd dovecot-ldap dovecot-sieve \
    dovecot-managesieved procmail openssl curl"
# The real mail servers, a webmail, and what judges the panel's own files.
mail_packages="postfix postfix-ldap dovecot-core dovecot-imapd dovecot-lmtpd dovecot-ldap dovecot-sieve \
    courier-base courier-authdaemon courier-authlib-ldap libsasl2-modules maildrop procmail \
    roundcube-core roundcube-sqlite3 php-cli openssl ca-certificates nginx-light systemd \
    logrotate shellcheck"
# Debian 12's courier-imap loads gamin's library and does not name it; Debian 13 has neither.
case $(cat /etc/debian_version 2>/dev/null) in 12*) mail_packages="$mail_packages gamin" ;; esac
# shellcheck disable=SC2034 # Used by the test script.
test_packages="$panel_packages $mail_packages postgresql chromium"

say() { printf '%s\n' "$*"; }

stop() {
    say "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Which of the named Debian packages are not installed.
missing_packages() {
    installed=$(dpkg-query --show --showformat='${Package}=${db:Status-Status}\n' "$@" \
        2>/dev/null) || true
    for package in "$@"; do
        printf '%s\n' "$installed" | grep -qxF "$package=installed" || printf '%s ' "$package"
    done
}

# Debian starts a service as it installs it, unless policy-rc.d says no: invoke-rc.d(8).
# The slapd of the system is never used here, so it need not run.
install_packages() (
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        trap 'as_root rm -f "$policy"' EXIT
        trap 'exit 130' INT TERM HUP
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod 755 "$policy"
    fi
    as_root apt-get -qq update
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq install --yes --no-install-recommends "$@" >/dev/null
)

need_packages() {
    command -v dpkg-query >/dev/null || stop "This needs Debian 12 (or a system with its packages)."
    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null; then
        say "Debian packages are missing: $missing" >&2
        stop "Start this once as root or as a user with sudo, or have them installed first."
    fi
    say "Installing Debian packages: $missing"
    case " $missing" in *" slapd "*)
        say "The slapd service that Debian adds is not used here: systemctl disable slapd" ;;
    esac
    case " $missing" in *" postgresql "*)
        say "Nor is the cluster of PostgreSQL that Debian adds: systemctl disable postgresql" ;;
    esac
    # shellcheck disable=SC2086 # The list is split into its names.
    install_packages $missing || stop "apt-get could not install them; its reason is above."
}

# The virtual environment .venv, filled again whenever the lock file has changed.
need_venv() {
    lock=$1
    stamp=.venv/$lock.sha256
    [ -x .venv/bin/python ] || rm -rf .venv
    if [ -f "$stamp" ] && sha256sum --check --status "$stamp"; then return; fi
    say "Filling the virtual environment .venv from $lock"
    [ -d .venv ] || /usr/bin/python3 -m venv .venv
    .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes \
        --requirement "$lock" || stop "pip could not fill .venv; its reason is above."
    sha256sum "$lock" >"$stamp"
}
