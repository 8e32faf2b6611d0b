#!/bin/sh
# Gives every account a Maildir with its quota: Courier lets nobody in whose Maildir is not there yet,
# and shows no quota that is not written in it. courier-maildirs.timer runs this each minute, as
# the mail user; to run it by hand:
#   systemctl start courier-maildirs
set -eu
umask 077
home={{ mail_home }}
tab=$(printf '\t')

make_maildir() {
    mkdir -p "${1%/*}" && maildirmake.courier "$1" && echo "$mail has a Maildir now"
}

write_quota() {
    written=
    if [ -f "$1/maildirsize" ]; then read -r written <"$1/maildirsize" || true; fi
    [ "$written" = "$2" ] || {
        maildirmake.courier -q "$2" "$1" && echo "$mail has a quota of $2 now"
    }
}

# Name, uid, gid, home, Maildir and options of everybody, one a line; Unix users lie elsewhere. What
# fails for one is said, and the next one's turn comes.
authenumerate -o | while IFS=$tab read -r mail _ _ base maildir options; do
    [ "$base" = "$home" ] || continue
    maildir=${maildir%/}
    # A path that leads somewhere else is nobody's Maildir.
    case "/$maildir/" in *//* | */./* | */../*) continue ;; esac
    [ -d "$home/$maildir/cur" ] || make_maildir "$home/$maildir" ||
        { echo "$mail gets no Maildir" >&2 && continue; }
    case ",$options" in *,quota=[0-9]*[SC]) ;; *) continue ;; esac
    write_quota "$home/$maildir" "${options#*quota=}" || echo "$mail keeps its quota" >&2
done
