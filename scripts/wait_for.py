"""Wait up to half a minute until an address answers 200: `wait_for.py URL`."""

import sys
import time
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

SECONDS = 30


def answers(url: str) -> bool:
    try:
        # Never through a proxy: the server is on this machine.
        with build_opener(ProxyHandler({})).open(url, timeout=2) as response:
            return bool(response.status == 200)
    except (URLError, OSError):
        return False


def main(url: str) -> int:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        if answers(url):
            return 0
        time.sleep(0.2)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
