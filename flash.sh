#!/usr/bin/env bash
# From a bare ESP32 to a readable log: see ./flash.sh --help. Only finds Node; the rest is the command `flash`.
set -eu

root=$(cd "$(dirname "$0")" && pwd)
# Files are named from where the user stands. Git Bash has the Windows spelling of its folders under -W.
INIT_CWD=$(pwd -W 2>/dev/null || pwd)
export INIT_CWD

if ! command -v node >/dev/null 2>&1; then
  echo "Node is missing: install version 20 or later from your system, and run again." >&2
  exit 4
fi
if ! node -e 'process.exit(parseInt(process.versions.node, 10) < 20 ? 1 : 0)'; then
  echo "Node $(node --version) is too old: install version 20 or later, and run again." >&2
  exit 4
fi
if [ ! -d "$root/node_modules/tsx" ] || [ ! -d "$root/node_modules/serialport" ]; then
  echo "The tools are not installed: run \"npm ci\" in $root, and run again." >&2
  exit 4
fi

cd "$root"
exec node bin/espruino-mqtt-ws.js flash "$@"
