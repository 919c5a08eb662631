"""`python -m service`: serve a model over HTTP. Settings are SENTIMENT_* variables; --help lists them.

`python -m service predict` reads and writes files instead: see files/predict.py. `python -m service key NAME` makes an
API key: see keys.py. `python -m service fetch SOURCE DIRECTORY` gets an artifact from storage: see fetch.py.
"""

import argparse
import os
import signal
import sys

from service.keys import main as make_key
from service.logs import configure_logs
from service.memory import share_heaps
from service.settings import Settings, SettingsError, describe_settings


def main(arguments: list[str] | None = None) -> int:
    """Command line of the service.

    Returns: exit code; 2 for a wrong setting, 1 for a model that cannot be served.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["predict"]:
        from service.files.predict import main as predict

        return predict(arguments[1:])
    if arguments[:1] == ["key"]:
        return make_key(arguments[1:])
    if arguments[:1] == ["fetch"]:
        from service.fetch import main as fetch

        return fetch(arguments[1:])
    lines = [f"{key} ({default})\n    {meaning}" for key, default, meaning in describe_settings()]
    argparse.ArgumentParser(
        prog="python -m service",
        description="Serve a sentiment model over HTTP. There are no options: settings come from the environment.\n"
        "For files instead of a server: python -m service predict --help\n"
        "To make an API key: python -m service key NAME\n"
        "To get a model from storage: python -m service fetch --help",
        epilog="settings (default):\n\n" + "\n".join(lines),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args(arguments)
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    # Until the event loop handles them: the imports below take a second, the kernel drops what process 1 of a container
    # does not handle, and a hang-up would be the end. Nothing was let in yet that had to be answered.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    share_heaps()  # before the first thread has its own
    configure_logs(settings.log_level)
    # OpenMP reads this when torch is loaded, as the imports below do. Its threads would otherwise spin at each barrier,
    # and beside another busy process two of them took 12 to 81 s to get ready instead of 4.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from service.app import create_app
    from service.server import Server

    try:
        return Server(create_app(settings)).serve_forever()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:  # while modules are loaded
        sys.exit(130)
