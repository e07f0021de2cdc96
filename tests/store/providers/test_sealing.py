"""A key of a provider is read again with the same secret and for the same provider alone, and stands nowhere in clear."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.errors import SetupError
from semblance_core.store.providers.provider_keys import SealedProvider
from semblance_core.store.providers.sealing import FILE, OpenProvider, Seal

TYPED = OpenProvider("groq", "gsk_canary_0123456789", "https://models.example.org/v1")
SECRET = "0123456789abcdef0123456789abcdef"

pytestmark = pytest.mark.fast


def test_a_file_of_the_data_folder_holds_the_secret_and_its_owner_alone_reads_it(tmp_path: Path) -> None:
    seal = Seal(tmp_path)
    assert seal.opened("groq", "anything") is None
    assert not (tmp_path / FILE).exists(), "reading makes no secret"
    sealed = seal.seal(TYPED)
    assert "canary" not in sealed
    assert Seal(tmp_path).opened("groq", sealed) == TYPED
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    assert "canary" not in repr(TYPED) + repr(SealedProvider("groq", sealed, datetime.now(UTC)))


def test_the_secret_of_the_settings_stands_above_the_file_and_leaves_none(tmp_path: Path) -> None:
    sealed = Seal(tmp_path, SECRET).seal(TYPED)
    assert not (tmp_path / FILE).exists()
    assert Seal(tmp_path / "elsewhere", SECRET).opened("groq", sealed) == TYPED
    assert SECRET not in repr(Seal(tmp_path, SECRET))


def test_with_another_secret_for_another_provider_or_changed_nothing_is_read(tmp_path: Path) -> None:
    sealed = Seal(tmp_path, SECRET).seal(TYPED)
    assert Seal(tmp_path, SECRET[::-1]).opened("groq", sealed) is None
    assert Seal(tmp_path, SECRET).opened("openai", sealed) is None
    assert Seal(tmp_path, SECRET).opened("groq", sealed[:-8] + "AAAAAAA=") is None
    assert Seal(tmp_path, SECRET).opened("groq", "ä") is None


def test_where_no_secret_can_be_kept_nothing_is_sealed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way of a folder")
    with pytest.raises(SetupError, match="set SEMBLANCE_SECRET_KEY"):
        Seal(tmp_path / "file").seal(TYPED)


def test_what_is_stored_of_a_provider_is_replaced_and_removed(semblance: Semblance) -> None:
    keys, at = semblance.store.provider_keys, datetime(2026, 1, 1, tzinfo=UTC)
    assert keys.all() == []
    keys.put(SealedProvider("groq", "a", at))
    keys.put(SealedProvider("anthropic", "c", at))
    keys.put(SealedProvider("groq", "b", at))
    assert [(each.name, each.sealed) for each in keys.all()] == [("anthropic", "c"), ("groq", "b")]
    assert (keys.remove("groq"), keys.remove("groq")) == (True, False)
