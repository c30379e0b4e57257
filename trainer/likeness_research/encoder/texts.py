"""Texts for the pretraining corpus: the sentences of the `fortune` program's collections.

What is said decides what is learnt. A grammar over a few hundred words taught the same visemes as well by its own
held-out sentences, and closures of real mouths much worse: thousands of different words in their usual company are
what counts. The texts are only spoken; none of them is in the weights or in this repository.
"""

import re
from pathlib import Path
from random import Random

from likeness_trainer.protocol import TrainerError

FORTUNES = Path("/usr/share/games/fortunes")  # of Debian's package `fortunes`
FEWEST_WORDS, MOST_WORDS = 5, 18
ATTRIBUTION = re.compile(r"\s--\s.*", re.DOTALL)
SENTENCE_END = re.compile(r"(?<=[.!?;])\s+")
PLAIN = re.compile(r"[A-Za-z ,.'!?;:-]+")  # what every voice reads the same way: no digits, signs or other alphabets


def read_sentences(folder: Path = FORTUNES, least: int = 1) -> list[str]:
    """All distinct sentences of a folder of fortune files, in an order of chance that is always the same.

    Raises TrainerError `missing-tool` when there are fewer than `least`.
    """
    found: set[str] = set()
    for file in sorted(folder.glob("*")) if folder.is_dir() else ():
        if file.suffix or not file.is_file():
            continue  # indexes and links beside the texts
        for text in file.read_text(encoding="utf-8", errors="ignore").split("\n%\n"):
            found.update(filter(_speakable, SENTENCE_END.split(" ".join(ATTRIBUTION.sub("", text).split()))))
    if len(found) < least:
        raise TrainerError(
            "missing-tool",
            f"There are {len(found)} sentences to speak in {folder}; {least} are needed.",
            "Install them: apt-get install fortunes",
        )
    sentences = sorted(found)
    Random(0).shuffle(sentences)
    return sentences


def _speakable(sentence: str) -> bool:
    words = sentence.count(" ") + 1
    return FEWEST_WORDS <= words <= MOST_WORDS and PLAIN.fullmatch(sentence) is not None and not sentence.isupper()
