#!/bin/sh
# Make everything that running and testing needs. Each step is skipped when already done.
#   scripts/setup.sh [runtime|dev]
set -eu
cd "$(dirname "$0")/.."
lock=requirements.txt
[ "${1:-runtime}" = dev ] && lock=requirements-dev.txt
venv=.venv

say() { printf '%s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }
is_root() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }
apt_install() {
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >/dev/null 2>&1 && return
    apt-get update >/dev/null 2>&1
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >/dev/null
}

# A version manager's shim may stand on the PATH and refuse to run: try each by running it.
recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
find_python() {
    for candidate in ${PYTHON:-python3} python3.13 python3.12 python3.11 python3.14 python; do
        if recent "$candidate"; then command -v "$candidate"; return; fi
    done
    stop "未找到 Python 3.11 或更高版本。请先安装（例如 apt-get install python3 python3-venv），或用环境变量 PYTHON 指明其路径。"
}

# Debian ships python3 without ensurepip unless python3-venv is there too.
make_venv() {
    python=$(find_python)
    say "建立虚拟环境 .venv（$("$python" --version)）…"
    if "$python" -c 'import ensurepip' >/dev/null 2>&1; then
        "$python" -m venv --clear "$venv"
    elif "$python" -m virtualenv --version >/dev/null 2>&1; then
        "$python" -m virtualenv --clear -q "$venv"
    elif "$python" -m pip --version >/dev/null 2>&1; then
        "$python" -m venv --clear --without-pip "$venv"
        "$python" -m pip -q --python "$venv/bin/python" install pip
    elif is_root; then
        apt_install "python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv" ||
            apt_install python3-venv
        "$python" -m venv --clear "$venv"
    else
        stop "此 Python 缺少 ensurepip。请先运行：sudo apt-get install python3-venv"
    fi
}

install_lock() {
    stamp="$venv/$lock.installed"
    cmp -s "$lock" "$stamp" && return
    # An interrupted set-up may have left an environment without pip.
    "$venv/bin/python" -m pip --version >/dev/null 2>&1 || make_venv
    say "安装锁定的依赖（$lock）…"
    "$venv/bin/python" -m pip install -qq --disable-pip-version-check --require-hashes -r "$lock"
    cp "$lock" "$stamp"
    # The development lock holds every package of the other one in the same version.
    [ "$lock" = requirements.txt ] || cp requirements.txt "$venv/requirements.txt.installed"
}

check_pango() {
    "$venv/bin/python" -c 'import weasyprint' >/dev/null 2>&1 && return
    packages="libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    is_root || stop "生成 PDF 需要 Pango。请先运行：sudo apt-get install $packages"
    say "安装 Pango…"
    # shellcheck disable=SC2086  # three words on purpose
    apt_install $packages
    "$venv/bin/python" -c 'import weasyprint'
}

if ! recent "$venv/bin/python"; then make_venv; fi
install_lock
check_pango
"$venv/bin/python" scripts/decode_fonts.py
