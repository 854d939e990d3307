#!/usr/bin/env bash
# Starts the demo region: worker and web server on the loopback address, both stopped by Ctrl-C.
# Everything it makes stands in instance/; throw that folder away to begin anew.
set -euo pipefail
cd "$(dirname "$0")/.."

port="${PORT:-8000}"
size="${SIZE:-region}"
export CASUSTAFEL_MODE=demo
export CASUSTAFEL_BASE_URL="http://127.0.0.1:$port"
flask=(.venv/bin/flask --app wsgi)

mkdir -p instance
"${flask[@]}" db upgrade
"${flask[@]}" demo load --if-empty --size "$size"

trap 'kill $(jobs -p) 2>/dev/null || true; wait' EXIT
trap 'exit 0' INT TERM

"${flask[@]}" worker &
.venv/bin/gunicorn --bind "127.0.0.1:$port" --workers 1 --threads 8 --log-level warning wsgi:app &

printf '\n  Casustafel (demo): %s\n  Stop with Ctrl-C.\n\n' "$CASUSTAFEL_BASE_URL"
wait -n
