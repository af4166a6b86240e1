#!/bin/sh
# clean-up.sh GROUP CGROUP FOLDER: waits for the end of its standard input, then ends the process group (with it its process
# namespace) and removes its cgroups, deepest first, and the folder. Mounts and network end with their namespaces.
read -r _
[ "$1" -gt 1 ] && kill -s KILL -- "-$1" 2> /dev/null
for _ in $(seq 100); do
  left=''
  for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*; do
    [ -f "$hierarchy/cgroup.procs" ] && [ -d "$hierarchy/$2" ] || continue
    find "$hierarchy/$2" -depth -type d -exec rmdir {} + 2> /dev/null
    [ ! -d "$hierarchy/$2" ] || left=yes
  done
  [ -n "$left" ] || break
  sleep 0.1
done
rm -rf "$3"
