#!/bin/sh
# Stands in for nvidia-smi: answers from the files beside it (see fake-command.ts), and notes when each run began and ended.
here=$(dirname "$0")
echo "start $$ $*" >>"$here/calls"
case "$*" in
  *--query-gpu*) form=csv ;;
  *) form=xml ;;
esac
if [ -f "$here/$form.delay" ]; then sleep "$(cat "$here/$form.delay")"; fi
if [ -f "$here/$form.refuse" ]; then
  field=$(cat "$here/$form.refuse")
  case "$*" in
    *"$field"*)
      echo "Field \"$field\" is not a valid field to query."
      echo "end $$" >>"$here/calls"
      exit 2
      ;;
  esac
fi
if [ -f "$here/$form.err" ]; then cat "$here/$form.err" >&2; fi
if [ -f "$here/$form.out" ]; then cat "$here/$form.out"; fi
echo "end $$" >>"$here/calls"
exit "$(cat "$here/$form.code" 2>/dev/null || echo 0)"
