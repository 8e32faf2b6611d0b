#!/bin/sh
# Makes the Unix user and group that own all mail, and the folders the mail lies in. Run it as root,
# once or again: what is there already and right stays. See useradd(8).
set -eu

user={{ unix.user }}
group={{ unix.group }}
uid={{ mail_uid }}
gid={{ mail_gid }}
home={{ unix.home }}
mail={{ mail_home }}
shell=/usr/sbin/nologin

stop() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
    exit 1
}

# Field $3 of the line about $2 in passwd or group, or nothing.
field() { getent "$1" "$2" | cut -d: -f"$3"; }

# A number or a name that somebody else has is never taken over: their files would become mail, or
# the mail theirs. Everything is looked at before anything is made.
[ "$(id -u)" -eq 0 ] || stop "only root can make users"
owner=$(field group "$gid" 1)
[ -z "$owner" ] || [ "$owner" = "$group" ] || stop "gid $gid is the group $owner already"
owner=$(field passwd "$uid" 1)
[ -z "$owner" ] || [ "$owner" = "$user" ] || stop "uid $uid is the user $owner already"
number=$(field group "$group" 3)
[ -z "$number" ] || [ "$number" = "$gid" ] || stop "the group $group has gid $number, not $gid"
number=$(field passwd "$user" 3)
[ -z "$number" ] || [ "$number" = "$uid" ] || stop "the user $user has uid $number, not $uid"
number=$(field passwd "$user" 4)
[ -z "$number" ] || [ "$number" = "$gid" ] || stop "the user $user has gid $number, not $gid"
known=$(field passwd "$user" 6)
[ -z "$known" ] || [ "$known" = "$home" ] || stop "the user $user has the home $known, not $home"
known=$(field passwd "$user" 7)
case $known in
    "" | /usr/sbin/nologin | /sbin/nologin | /bin/false) ;;
    *) stop "the user $user can log in, with $known: usermod --shell $shell $user" ;;
esac
for folder in "$home" "$mail"; do
    if [ -L "$folder" ]; then stop "$folder is a link"; fi
    if [ -e "$folder" ] && [ ! -d "$folder" ]; then stop "$folder is no folder"; fi
    [ -d "$folder" ] || continue
    number=$(stat -c %u "$folder")
    [ "$number" = "$uid" ] || stop "$folder belongs to uid $number, not $uid"
done

# No files from /etc/skel, no password, no shell. A fixed number is not what --system is for.
[ -n "$(field group "$group" 3)" ] || groupadd --gid "$gid" "$group"
[ -n "$(field passwd "$user" 3)" ] || useradd --uid "$uid" --gid "$gid" --no-create-home \
    --home-dir "$home" --shell "$shell" --comment "Virtual mail" --no-log-init "$user"

# Nobody but this user looks into the mail. The programs that deliver and read it become this user.
install -d -o "$uid" -g "$gid" -m 0750 "$home"
install -d -o "$uid" -g "$gid" -m 0700 "$mail"
