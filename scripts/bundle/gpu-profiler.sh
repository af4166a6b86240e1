#!/bin/sh
# Runs the program of this folder on the Node beside it, from wherever it is called, also through a link.
here=$(dirname "$(readlink -f "$0")")
exec "$here/bin/node" "$here/dist/main.js" "$@"
