#!/bin/sh
# Makes the file in which Courier reads its key and certificate. Run it as root after each renewal;
# certbot does so by itself when this lies in /etc/letsencrypt/renewal-hooks/deploy.
set -eu
umask 077

draft=$(mktemp {{ courier.pem }}.XXXXXX)
trap 'rm -f "$draft"' EXIT
cat {{ tls.key }} {{ tls.certificate }} >"$draft"
chown courier:courier "$draft"
mv "$draft" {{ courier.pem }}
