#!/bin/sh
# Set up, load the sample, serve until Ctrl-C. Nothing but Python (and Pango) is needed.
set -eu
cd "$(dirname "$0")/.."
scripts/setup.sh runtime
python=.venv/bin/python
var=${MINGZHANG_VAR:-var}
mkdir -p "$var/log"
# Our own lines are for a person; warnings and errors of the commands still show.
export MINGZHANG_LOG_LEVEL="${MINGZHANG_LOG_LEVEL:-WARNING}"

printf '准备数据库与示例…\n'
"$python" scripts/prepare.py

host=${MINGZHANG_BIND:-127.0.0.1}
port=$("$python" scripts/free_port.py "$host" "${MINGZHANG_PORT:-8000}")

export MINGZHANG_LOG_LEVEL=INFO
"$python" -m gunicorn -c deploy/gunicorn.conf.py -b "$host:$port" config.wsgi >"$var/log/web.log" 2>&1 &
web=$!
"$python" -m celery -A config worker -B -s "$var/beat-schedule" --concurrency 2 --loglevel info \
    --without-gossip --without-mingle --without-heartbeat >"$var/log/worker.log" 2>&1 &
worker=$!

alive() { kill -0 "$1" 2>/dev/null; }
# Celery answers TERM by finishing its job and QUIT by dropping it; the sweep takes it up again.
end() {
    for signal in TERM QUIT KILL; do
        alive "$web" || alive "$worker" || return 0
        kill -"$signal" "$web" "$worker" 2>/dev/null || true  # one of them may have ended
        tries=0
        while { alive "$web" || alive "$worker"; } && [ $tries -lt 8 ]; do
            tries=$((tries + 1)); sleep 1
        done
    done
}
stop() {
    trap '' INT TERM HUP
    printf '\n正在停止…\n'
    end
    wait "$web" "$worker" 2>/dev/null || true
    exit "$1"
}
trap 'stop 0' INT TERM HUP

"$python" scripts/wait_for.py "http://$host:$port/healthz" || {
    printf '服务未能启动，见 %s/log/web.log：\n' "$var" >&2
    tail -n 20 "$var/log/web.log" >&2
    stop 1
}
staff=${MINGZHANG_STAFF_PATH:-work/}
printf '\n公开门户  http://%s:%s/\n工作人员  http://%s:%s/%s\n日志在 %s/log/，按 Ctrl-C 停止。\n' \
    "$host" "$port" "$host" "$port" "$staff" "$var"

while alive "$web" && alive "$worker"; do sleep 1; done
printf '有一个进程意外结束，见 %s/log/。\n' "$var" >&2
stop 1
