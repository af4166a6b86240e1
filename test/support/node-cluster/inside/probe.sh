#!/bin/sh
# probe.sh FOLDER: prints one line for each thing a node needs in its namespaces and this machine does not allow.
folder=$1
PATH=$PATH:/usr/sbin:/sbin
try() {
  what=$1
  shift
  said=$("$@" 2>&1) || echo "$what ($(echo "$said" | head -n 1))"
}
overlay() {
  mkdir -p "$1/lower" "$1/upper" "$1/work" "$1/merged" &&
    mount -t overlay -o "lowerdir=$1/lower,upperdir=$1/upper,workdir=$1/work" overlay "$1/merged"
}
try 'mounting a tmpfs' mount -t tmpfs probe /run
mkdir -p /run/overlay
overlay "$folder/overlay" > /dev/null 2>&1 || try 'mounting an overlay' overlay /run/overlay
try 'a bridge' ip link add probe0 type bridge
try 'a pair of virtual interfaces' ip link add probe1 type veth peer name probe2
# Where they are not installed yet, they will be.
! command -v nft > /dev/null || try 'nftables' nft add table ip probe
! command -v iptables > /dev/null || try 'iptables with address translation' iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j ACCEPT
try 'forwarding of packets' sh -c 'echo 1 > /proc/sys/net/ipv4/ip_forward'
try 'a device node' sh -c "mknod -m 600 /run/probe-device c 1 3 && : < /run/probe-device"
try 'a cgroup below its own' sh -c 'for f in /sys/fs/cgroup /sys/fs/cgroup/*; do
  [ -f "$f/cgroup.procs" ] || continue
  mkdir "$f/$1/probe" && rmdir "$f/$1/probe" || exit 1
done' probe "$2"
