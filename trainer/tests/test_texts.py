"""Sentences for the pretraining corpus."""

import pytest

from likeness_research.encoder.texts import read_sentences
from likeness_trainer.protocol import TrainerError

FORTUNES = """The quick brown fox jumps over it. Too short. And 3 digits are never spoken here, are they?
%
A sentence that goes on
	over two lines is one sentence.
		-- Somebody Famous, who is not to be read out
%
THIS IS NOTHING BUT SHOUTING AT YOU.
%
A sentence that goes on over two lines is one sentence.
"""


def test_whole_plain_sentences_are_read_once_in_a_lasting_order(tmp_path):
    (tmp_path / "art").write_text(FORTUNES, encoding="utf-8")
    (tmp_path / "art.dat").write_text("This is an index and not a text to be spoken.", encoding="utf-8")
    (tmp_path / "subfolder").mkdir()
    found = read_sentences(tmp_path)
    assert sorted(found) == [
        "A sentence that goes on over two lines is one sentence.",
        "The quick brown fox jumps over it.",
    ]
    assert found == read_sentences(tmp_path)


def test_missing_texts_say_how_to_get_them(tmp_path):
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(TrainerError) as failure:
            read_sentences(folder)
        assert failure.value.code == "missing-tool" and "fortunes" in failure.value.hint
