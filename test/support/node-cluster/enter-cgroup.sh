#!/bin/sh
# enter-cgroup.sh NAME COMMAND…: moves itself into a cgroup NAME below each hierarchy's root, then becomes the command in
# namespaces of its own (cgroup, network, mounts, processes, host name). The processes end with this one.
set -eu
name=$1
shift
for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*; do
  [ -f "$hierarchy/cgroup.procs" ] || continue
  mkdir -p "$hierarchy/$name"
  if [ -f "$hierarchy/cpuset.cpus" ]; then
    # A fresh cpuset of version 1 has no processors, and takes no process then.
    cat "$hierarchy/cpuset.cpus" > "$hierarchy/$name/cpuset.cpus"
    cat "$hierarchy/cpuset.mems" > "$hierarchy/$name/cpuset.mems"
  fi
  echo $$ > "$hierarchy/$name/cgroup.procs"
done
exec unshare --cgroup --net --mount --uts --pid --fork --kill-child=KILL --mount-proc --propagation private "$@"
