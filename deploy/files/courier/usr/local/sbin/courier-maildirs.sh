#!/bin/sh
# Gives every account a Maildir with its quota: Courier lets nobody in whose Maildir is not there yet,
# and shows no quota that is not written in it. courier-maildirs.timer runs this each minute, as
# the mail user; to run it by hand:
#   systemctl start courier-maildirs
set -eu
umask 077
home={{ mail_home }}

# Name, uid, gid, home, Maildir and options of everybody, one a line; Unix users lie elsewhere.
authenumerate -o | while IFS="$(printf '\t')" read -r mail uid gid base maildir options; do
    maildir=${maildir%/}
    [ "$base" = "$home" ] || continue
    # A path that leads somewhere else is nobody's Maildir.
    case "/$maildir/" in *//* | */./* | */../*) continue ;; esac
    if [ ! -d "$home/$maildir/cur" ]; then
        mkdir -p "$home/$(dirname "$maildir")"
        maildirmake.courier "$home/$maildir"
        echo "$mail has a Maildir now"
    fi
    case ",$options" in *,quota=*) ;; *) continue ;; esac
    quota=${options#*quota=}
    size="$home/$maildir/maildirsize"
    if [ ! -f "$size" ] || [ "$(head -n 1 "$size")" != "$quota" ]; then
        maildirmake.courier -q "$quota" "$home/$maildir"
        echo "$mail has a quota of $quota now"
    fi
done
