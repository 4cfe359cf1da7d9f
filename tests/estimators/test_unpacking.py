"""A model file that unpacks to more than it may is refused before, however it hides its size."""

import io
import json
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse
from numpy.testing import assert_array_equal
from sklearn.datasets import make_moons

import nonlin as nl
from nonlin.errors import InputError, ModelFileError

X, Y = make_moons(60, noise=0.2, random_state=0)
MB = 10**6


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A saved model, without what a bomb adds."""
    path = tmp_path / "m.skops"
    nl.LogisticRegression().fit(X, Y).save(path)
    return path


def rewritten(path: Path, change: Callable[[zipfile.ZipFile, dict[str, bytes]], None]) -> Path:
    """The archive with its members as ``change`` leaves them, and what it wrote beside them."""
    with zipfile.ZipFile(path) as archive:
        content, comment = {name: archive.read(name) for name in archive.namelist()}, archive.comment
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment
        change(archive, content)
        for name, data in content.items():
            archive.writestr(name, data)
    return path


def refused(path: Path, max_bytes: int = 2**30) -> str:
    """The message without the path, which may not cost more memory than the limit."""
    tracemalloc.start()
    with pytest.raises(ModelFileError) as caught:
        nl.load(path, max_bytes=max_bytes)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < max_bytes + 20 * MB
    assert str(caught.value).startswith(repr(str(path)))
    return str(caught.value).removeprefix(repr(str(path)))


def too_large(size: int, limit: int) -> str:
    return (
        f" takes {size:,} bytes or more when unpacked, over max_bytes={limit:,}; "
        "raise max_bytes if you know where the file comes from"
    )


def sizes(path: Path) -> int:
    with zipfile.ZipFile(path) as archive:
        return sum(info.file_size for info in archive.infolist())


def test_a_member_of_zeros(model: Path) -> None:
    rewritten(model, lambda archive, _: archive.writestr("x.npy", bytes(50 * MB)))
    assert model.stat().st_size < 0.1 * MB
    assert refused(model, MB) == too_large(sizes(model), MB)


def test_many_members(model: Path) -> None:
    def add(archive: zipfile.ZipFile, _: object) -> None:
        for k in range(30):
            archive.writestr(f"{k}.npy", bytes(MB))

    rewritten(model, add)
    assert refused(model, 10 * MB) == too_large(sizes(model), 10 * MB)


def claim(archive: zipfile.ZipFile, data: bytes, size: int) -> None:
    """A member that claims to unpack to its first so many bytes."""
    archive.writestr("x.npy", data)
    info = archive.getinfo("x.npy")
    info.file_size, info.CRC = size, zlib.crc32(data[:size])


def test_the_default_limit_is_a_gibibyte(model: Path) -> None:
    rewritten(model, lambda archive, _: claim(archive, b"", 5 * 2**30))
    assert refused(model) == too_large(sizes(model), 2**30)


def test_a_member_that_claims_to_be_small_is_unpacked_no_further(model: Path) -> None:
    rewritten(model, lambda archive, _: claim(archive, bytes(100 * MB), 10))
    tracemalloc.start()
    assert nl.load(model).score(X, Y) > 0.7
    assert tracemalloc.get_traced_memory()[1] < 20 * MB
    tracemalloc.stop()


def test_a_member_that_claims_to_be_large(model: Path) -> None:
    rewritten(model, lambda archive, _: claim(archive, b"abc", 4))
    assert refused(model) == " is damaged (x.npy has not the size that it should have); save the model again"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_method_that_packs_closer(model: Path, method: int) -> None:
    rewritten(model, lambda archive, _: archive.writestr("x.npy", bytes(50 * MB), compress_type=method))
    reason = "x.npy is packed by a method that models do not use"
    assert refused(model) == f" is damaged ({reason}); save the model again"


def test_an_archive_within(model: Path) -> None:
    """Sparse matrices are archives themselves."""
    inner = io.BytesIO()
    scipy.sparse.save_npz(inner, scipy.sparse.csr_array(np.ones((1000, 1000))))
    rewritten(model, lambda archive, _: archive.writestr("x.npz", inner.getvalue()))
    assert sizes(model) < MB
    with zipfile.ZipFile(inner) as archive:
        within = sum(info.file_size for info in archive.infolist())
    assert refused(model, MB) == too_large(sizes(model) + within, MB)


def test_one_member_read_many_times(model: Path) -> None:
    def refer(archive: zipfile.ZipFile, content: dict[str, bytes]) -> None:
        schema = json.loads(content["schema.json"])
        content["schema.json"] = json.dumps(schema | {"more": [{"file": "x.npy"}] * 100}).encode()
        archive.writestr("x.npy", bytes(MB))

    with zipfile.ZipFile(rewritten(model, refer)) as archive:
        arrays = sum(info.file_size for info in archive.infolist() if info.filename.endswith("npy")) - MB
        size = 24 * archive.getinfo("schema.json").file_size + arrays + 100 * MB
    assert refused(model, 50 * MB) == too_large(size, 50 * MB)


def test_text_that_grows_when_it_is_read(model: Path) -> None:
    """A million empty lists take 3 MB as text and over 60 MB in memory."""

    def grow(_: object, content: dict[str, bytes]) -> None:
        content["schema.json"] = b"[" + b"[]," * MB + b"[]]"

    rewritten(model, grow)
    assert refused(model, 10 * MB) == too_large(24 * (3 * MB + 4), 10 * MB)


def test_a_file_larger_than_the_limit_is_not_read(model: Path) -> None:
    size = model.stat().st_size
    assert refused(model, size - 1) == too_large(size, size - 1)


def test_an_array_that_claims_a_shape_beyond_its_data(model: Path) -> None:
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"descr": "<f8", "fortran_order": False, "shape": (10**13,)})

    def enlarge(_: object, content: dict[str, bytes]) -> None:
        content.update({name: header.getvalue() for name in content if name.endswith(".npy")})

    with pytest.raises(ModelFileError, match=r" is damaged \(.*\); save the model again"):  # in NumPy's words
        nl.load(rewritten(model, enlarge))


def test_a_larger_model_needs_only_the_limit_raised(model: Path, tmp_path: Path) -> None:
    rewritten(model, lambda archive, _: archive.writestr("x.npy", bytes(3 * MB)))
    with pytest.raises(ModelFileError):
        nl.load(model, max_bytes=MB)
    assert_array_equal(nl.load(model, max_bytes=4 * MB).predict(X), nl.LogisticRegression().fit(X, Y).predict(X))


def test_a_wrong_checksum(model: Path) -> None:
    def spoil(archive: zipfile.ZipFile, _: object) -> None:
        archive.writestr("x.npy", b"abc")
        archive.getinfo("x.npy").CRC += 1

    rewritten(model, spoil)
    assert refused(model) == " is damaged (Bad CRC-32 for file 'x.npy'); save the model again"


def test_the_limit_is_a_number(model: Path) -> None:
    with pytest.raises(InputError) as caught:
        nl.load(model, max_bytes=0)
    assert str(caught.value) == "max_bytes must be an integer of at least 1, got 0"
