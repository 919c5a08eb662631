"""Control groups: where the kernel says what a process, and each group it is in, may use."""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
MEMBERSHIP = Path("/proc/self/cgroup")


def folders(controller: str, root: Path = ROOT, membership: Path = MEMBERSHIP) -> Iterator[tuple[Path, int]]:
    """The folders of this process's own group and of every parent, by which a controller may limit it.

    controller: `cpu` or `memory`.   Yields: folder, which need not exist, and version of its files, 2 or 1.
    Raises: OSError if the membership cannot be read.
    """
    for line in membership.read_text().splitlines():
        _, controllers, group = line.split(":", 2)
        if controllers == "":
            folder, version = root, 2
        elif controller in controllers.split(","):
            folder, version = root / controller, 1
        else:
            continue
        # In a container the path may be the host's and absent here; then only the mount's root applies.
        path = Path(group.lstrip("/"))
        for relative in [path, *path.parents]:
            yield folder / relative, version
