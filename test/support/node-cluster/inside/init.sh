#!/bin/sh
# init.sh FOLDER HOSTNAME COMMAND…: the first process of the node's namespaces. Lays fresh folders over those of the machine
# that the parts of a node write to, then runs the command, and takes in processes that have lost their parent.
set -eu
folder=$1
hostname=$2
shift 2

hostname "$hostname"
ip link set lo up

# The cgroup hierarchies again, as they look from this cgroup namespace: its own cgroup is their root.
mounts=$(grep ' cgroup2\? ' /proc/self/mounts)
umount --recursive --lazy /sys/fs/cgroup
case "$mounts" in *' /sys/fs/cgroup cgroup2 '*) ;; *) mount -t tmpfs -o mode=755 cgroup /sys/fs/cgroup ;; esac
echo "$mounts" | while read -r _device target type options _rest; do
  mkdir -p "$target"
  case "$type,$options" in
    cgroup2,*) mount -t cgroup2 cgroup2 "$target" ;;
    *name=systemd*) mount -t cgroup -o none,name=systemd cgroup "$target" ;;
    # `rw,relatime,cpu,cpuacct`: the controllers stand behind the flags of the mount.
    *) mount -t cgroup -o "$(echo "$options" | sed -E 's/\b(rw|relatime|nosuid|nodev|noexec|noatime),//g')" cgroup "$target" ;;
  esac
done
if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
  # Version 2: a cgroup that hands controllers on holds no processes itself.
  mkdir -p /sys/fs/cgroup/init
  for pid in $(cat /sys/fs/cgroup/cgroup.procs); do echo "$pid" > /sys/fs/cgroup/init/cgroup.procs || true; done
  for controller in $(cat /sys/fs/cgroup/cgroup.controllers); do
    echo "+$controller" > /sys/fs/cgroup/cgroup.subtree_control || true
  done
fi

# Mounts made from here on are seen by containers that ask for it, and never by the machine.
mount --make-rshared /
# /var/lib as a whole: folders below it would first have to be made on the machine.
mount -t tmpfs -o mode=755 node-run /run
mount -t tmpfs -o mode=755 node-lib /var/lib
mkdir -p /var/lib/kubelet "$folder/log"
mount --bind "$folder/log" /var/log

"$@" &
wait $!
