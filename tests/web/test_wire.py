"""Messages as bytes: what is written is read again, and nothing else is read."""

import contextlib
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nonlin.errors import InputError
from nonlin.web.wire import check, decode, encode, finite, pack

SCALARS = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
CONTENTS = st.dictionaries(st.text(), SCALARS | st.text() | st.lists(SCALARS), max_size=5).map(
    lambda d: {**d, "do": "x"}
)


def header(text, after=b"", length=None):
    raw = text.encode() if isinstance(text, str) else text
    length = len(raw) if length is None else length
    return length.to_bytes(4, "little") + raw + bytes(-(4 + len(raw)) % 8) + after


def refusal(message):
    with pytest.raises(InputError) as caught:
        decode(message)
    return str(caught.value)


@given(CONTENTS, st.none() | st.binary())
def test_a_round_trip(content, buffer):
    message = encode(content, buffer)
    assert decode(message) == (content, buffer)
    if buffer is not None:
        assert message.endswith(buffer)
        assert (len(message) - len(buffer)) % 8 == 0


def test_the_layout_of_a_binary_message():
    assert encode({"do": "é"}, b"abc") == b'\x0b\0\0\0{"do":"\xc3\xa9"}' + b"\0" + b"abc"


def test_numbers_that_json_lacks_become_null():
    content = {"a": float("nan"), "b": [1.5, float("inf"), (float("-inf"), "x")], "c": {"d": 2}}
    assert json.loads(encode(content)) == {"a": None, "b": [1.5, None, [None, "x"]], "c": {"d": 2}}
    assert finite(content) == {"a": None, "b": [1.5, None, [None, "x"]], "c": {"d": 2}}


@given(st.binary(max_size=200))
def test_no_bytes_do_anything_but_a_refusal(message):
    with contextlib.suppress(InputError):
        assert isinstance(decode(message)[0]["do"], str)


@given(st.text(max_size=200))
def test_no_text_does_anything_but_a_refusal(message):
    with contextlib.suppress(InputError):
        assert isinstance(decode(message)[0]["do"], str)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("", "a message must be JSON in UTF-8"),
        ("{", "a message must be JSON in UTF-8"),
        ("[]", "a message must be a JSON object, got list"),
        ("null", "a message must be a JSON object, got NoneType"),
        ('"open"', "a message must be a JSON object, got str"),
        ("{}", "a message must name what to do in 'do', got None"),
        ('{"do": 1}', "a message must name what to do in 'do', got 1"),
        ('{"do": ["' + "x" * 200 + '"]}', "a message must name what to do in 'do', got ['" + "x" * 78),
        ('{"do": "x", "a": NaN}', "the numbers of a message must be finite"),
        ('{"do": "x", "a": [[-Infinity]]}', "the numbers of a message must be finite"),
        ('{"do": "x", "a": 1e999}', "the numbers of a message must be finite"),
        ('{"do": "x", "a": ' + "9" * 5000 + "}", "a message must be JSON in UTF-8"),
        ('{"do": "x", "a": "\\ud800"}', "the texts of a message must be Unicode, got half of a surrogate pair"),
        ('{"do": "x", "\\udfff": 1}', "the texts of a message must be Unicode, got half of a surrogate pair"),
        ('{"do": "x", "a": ' + "[" * 8 + "]" * 8 + "}", "a message must be at most 8 levels deep"),
        ('{"do": "x", "a": ' + '{"a":' * 9 + "1" + "}" * 10, "a message must be at most 8 levels deep"),
        ('{"do": "x", "a": ' + "[" * 100_000 + "]" * 100_000 + "}", "a message must be at most 8 levels deep"),
        ("[" * 200_000, "a message must be at most 8 levels deep"),
        ('{"a":' * 50_000, "a message must be at most 8 levels deep"),
        ('{"do":"' + "x" * 255_991 + '"}', None),
        ('{"do":"' + "x" * 255_992 + '"}', "the text of a message must be at most 256,000 bytes, got 256,001"),
        ('{"do":"' + "é" * 128_000 + '"}', "the text of a message must be at most 256,000 bytes, got 256,009"),
        (b"", "a binary message must begin with the length of its header, got 0 bytes"),
        (b"\1\0\0", "a binary message must begin with the length of its header, got 3 bytes"),
        (b"\2\0\0\0{}", "a header of 2 bytes must be whole, got a message of 6 bytes"),
        (b"\xff\xff\0\0{}", "the header of a message must be at most 64,000 bytes, got 65,535"),
        (b"\xff\xff\xff\xff{}", "the header of a message must be at most 64,000 bytes, got 4,294,967,295"),
        (header('{"do":"x"}', length=60_000), "a header of 60,000 bytes must be whole, got a message of 16 bytes"),
        (header("[]"), "a message must be a JSON object, got list"),
        (header(b'{"do":"\xff"}'), "a message must be JSON in UTF-8"),
        (header('{"do":"x"}', length=9), "the bytes between header and buffer must be zero"),
        (b'\x0a\0\0\0{"do":"x"}\0\1', "the bytes between header and buffer must be zero"),
        (header('{"do":"x"}', bytes(25_000_000)), None),
        (
            header('{"do":"x"}', bytes(25_000_001)),
            "the buffer of a message must be at most 25,000,000 bytes, got 25,000,001",
        ),
    ],
    ids=range(34),
)
def test_every_wrong_message_and_its_refusal(message, words):
    if words is None:
        decode(message)
    else:
        assert refusal(message) == words


def test_what_a_notebook_sends_is_checked_too():
    for content, words in [
        (None, "a message must be a JSON object, got NoneType"),
        ({"do": "x", "a": float("nan")}, "the numbers of a message must be finite"),
    ]:
        with pytest.raises(InputError) as caught:
            check(content)
        assert str(caught.value) == words
    with pytest.raises(InputError) as caught:
        check({"do": "upload"}, bytes(25_000_001))
    assert str(caught.value) == "the buffer of a message must be at most 25,000,000 bytes, got 25,000,001"
    assert check({"do": "play"}, None) == {"do": "play"}


def test_arrays_go_into_a_buffer_each_from_a_multiple_of_eight():
    arrays = {
        "surface0": np.arange(6, dtype=np.uint8).reshape(2, 3),
        "nothing": np.zeros((0, 2), dtype=np.float32),
        "places": np.array([[1.5, -2.0]]),
        "held": np.ones(3, dtype=np.uint8),
    }
    parts, buffer = pack(arrays)
    assert parts == [
        {"name": "surface0", "dtype": "u1", "shape": [2, 3]},
        {"name": "nothing", "dtype": "f4", "shape": [0, 2]},
        {"name": "places", "dtype": "f4", "shape": [1, 2]},
        {"name": "held", "dtype": "u1", "shape": [3]},
    ]
    assert buffer == bytes(range(6)) + bytes(2) + np.array([1.5, -2], dtype="<f4").tobytes() + b"\1\1\1"
    assert pack({}) == ([], b"")
