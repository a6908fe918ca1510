"""Print the first free port from the wanted one on: `free_port.py HOST PORT`."""

import socket
import sys


def is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        # As the server does: a port that only lingers after its last owner counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def main(host: str, wanted: int) -> int:
    for port in range(wanted, wanted + 100):
        if is_free(host, port):
            print(port)
            return 0
    print(f"端口 {wanted} 至 {wanted + 99} 都被占用。", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
