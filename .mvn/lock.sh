# Sourced by mvnw and geosearch (POSIX sh, so without flock, which macOS lacks): one process at a time.
#
#   lock FILE WHAT   waits until this process holds the lock; FILE holds its number. A lock whose process has ended is
#                    taken over. Says WHAT it waits for if that takes a second.
#   unlock           gives it back; so does the end of the shell.

lock() {
  lock_file=$1
  tries=0
  until (set -C && echo $$ >"$lock_file") 2>/dev/null; do
    owner=$(cat "$lock_file" 2>/dev/null) || owner=
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
      # Of two that find the same dead owner one renames its file; the other then finds a living owner.
      mv "$lock_file" "$lock_file.$$" 2>/dev/null || continue
      [ "$(cat "$lock_file.$$")" = "$owner" ] || mv "$lock_file.$$" "$lock_file"
      rm -f "$lock_file.$$"
      continue
    fi
    tries=$((tries + 1))
    if [ ! -d "$(dirname "$lock_file")" ] || [ ! -w "$(dirname "$lock_file")" ]; then
      echo "Can't write to $(dirname "$lock_file")." >&2
      return 1
    fi
    [ $tries -ne 5 ] || echo "Waiting for process $owner, which $2 ($lock_file)." >&2
    sleep 0.2 2>/dev/null || sleep 1
  done
  trap unlock EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

unlock() {
  rm -f "$lock_file"
  trap - EXIT INT TERM HUP
}
