"""What processes hold: memory, files, threads, children."""

from __future__ import annotations

from dataclasses import dataclass

import psutil


@dataclass(frozen=True)
class Held:
    """By one process at one moment."""

    memory: int
    """Resident, in bytes."""
    files: int
    """Open descriptors."""
    threads: int
    children: int
    """Those of its children too."""
    zombies: int
    """Among them: ended, and not waited for yet."""

    @property
    def text(self) -> str:
        """All but the memory, in words."""
        return f"{self.files} files, {self.threads} threads, {self.children} children, {self.zombies} zombies"


def held_by(pid: int) -> Held:
    """What a process holds now."""
    process = psutil.Process(pid)
    children = process.children(recursive=True)
    with process.oneshot():
        return Held(
            memory=process.memory_info().rss,
            files=process.num_fds(),
            threads=process.num_threads(),
            children=len(children),
            zombies=sum(_is_zombie(child) for child in children),
        )


def _is_zombie(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
