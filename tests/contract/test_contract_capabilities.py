"""Each ability that a back-end may have works, or is refused by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import arsearch
from arsearch.errors import UnsupportedError
from arsearch.search.backend import Capability
from contract.corpus import ARTICLES


def _joined(index: arsearch.Index, folder: Path) -> None:
    if index.location == ":memory:":  # it has no index when it is opened again
        return
    arsearch.open(folder / "other", create=True).close()
    arsearch.open([index.location, folder / "other"]).close()


ABILITIES: dict[Capability, Callable[[arsearch.Index, Path], object]] = {
    Capability.BACKUP: lambda index, folder: index.backup(folder / "copy"),
    Capability.CHECK: lambda index, folder: index.check(),
    Capability.CORRECT: lambda index, folder: index.correct("نفط"),
    Capability.DURABLE: lambda index, folder: index.add([], durable=False),
    Capability.JOIN: _joined,
    Capability.NEAR_DUPLICATES: lambda index, folder: index.search("قمح", collapse="duplicates"),
    Capability.OPTIMIZE: lambda index, folder: index.optimize(),
    Capability.PROCESSES: lambda index, folder: index.search_many(["نفط", "قمح"], processes=1),
    Capability.RECOVERY: lambda index, folder: arsearch.open(index.location, create=True, recover=True),
    Capability.SNAPSHOTS: lambda index, folder: index.snapshot(),
    Capability.SUGGEST: lambda index, folder: index.suggest("نف"),
    Capability.SYNC: lambda index, folder: arsearch.sync(index, folder),
}


@pytest.mark.parametrize("capability", ABILITIES, ids=lambda capability: capability.name)
def test_an_ability_works_or_is_refused_by_name(index: arsearch.Index, capability: Capability, tmp_path: Path) -> None:
    if capability in index.capabilities:
        ABILITIES[capability](index, tmp_path)
        return
    with pytest.raises(UnsupportedError) as caught:
        ABILITIES[capability](index, tmp_path)
    assert (caught.value.ability, caught.value.location) == (capability.value, index.location)


def test_without_workers_one_process_adds(index: arsearch.Index) -> None:
    assert index.add(ARTICLES[:3], workers=2).added == 3
    assert len(index) == 3


def test_every_ability_has_a_row() -> None:
    # These two only make a call faster.
    assert {*ABILITIES, Capability.WORKERS, Capability.OCCURRENCES} == set(Capability)


def test_a_snapshot_refuses_the_abilities_that_its_index_lacks(index: arsearch.Index) -> None:
    index.add(ARTICLES[:2])
    calls: dict[Capability, Callable[[arsearch.Snapshot], object]] = {
        Capability.CORRECT: lambda snapshot: snapshot.correct("نفط"),
        Capability.SUGGEST: lambda snapshot: snapshot.suggest("نف"),
        Capability.NEAR_DUPLICATES: lambda snapshot: snapshot.more_like("oil-visit", collapse="duplicates"),
    }
    for capability, call in calls.items():
        if capability in index.capabilities:
            call(index.snapshot())
        else:
            with pytest.raises(UnsupportedError, match=capability.value):
                call(index.snapshot())
