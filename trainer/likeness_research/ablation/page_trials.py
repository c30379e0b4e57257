"""The part of the page that says what the finished chain does with other sounds."""

from __future__ import annotations

from html import escape
from typing import Any

from likeness_trainer.metrics.page import table


def trials_html(report: dict[str, Any]) -> str:
    """Sections on hard sounds, ten minutes, synthesised voices and, if one was heard, another person."""
    trials, hears = report["trials"], report["hears"]
    return "\n".join([hard_sounds(trials), ten_minutes(trials), voices(trials), another(hears) if hears else ""])


def openings(of: dict[str, float]) -> str:
    """Low, middle and high opening, cm."""
    return f"{of['low']:.2f} / {of['middle']:.2f} / {of['high']:.2f}"


def hard_sounds(trials: dict[str, Any]) -> str:
    """What the chain does with sounds that it was not made for."""
    own = trials["own"]
    body = [("<em>The person's tracked mouth</em>", openings(own), share(0.03), "", "")]
    for sound in trials["sounds"]:
        shut = sound["shutInSilence"]
        shares = (share(sound["above"]), share(sound["below"]), "" if shut is None else share(shut))
        body.append((escape(sound["label"]), openings(sound["opening"]), *shares))
    fitted = "The chain was fitted on" if trials["adapted"] else "Nothing says that the sound is the person's in"
    return f"""<h2>Sounds it was not made for</h2>
<p>{fitted} the first 10/11 of the video, as for an avatar, and is driven as the engine drives it: smoothed, pulled to
the person's own mouths, clamped to 3&ndash;97 % of each coefficient. Openings in cm at 3, 50 and 97 % of the frames.
Further open counts frames above the person's own 97 %, less open those more than half a millimetre below their 3 %.
Shut is the tenth of the person's frames with the smallest opening, and what is less than half a millimetre more open
than their 3 %; counted from 0.4 s after the sound has ended.</p>
{table(("", "Opening at 3 / 50 / 97 %, cm", "Further open", "Less open", "Shut in silence"), body)}"""


def ten_minutes(trials: dict[str, Any]) -> str:
    """Whether the mouth drifts when it speaks for long."""
    minutes = trials["minutes"]
    return f"""<p>The video's sound said again and again for {minutes["seconds"] / 60:.0f} minutes opens the mouth by
{minutes["first"]:.3f}, {minutes["fifth"]:.3f} and {minutes["last"]:.3f} cm on average in the first, fifth and last
minute.</p>"""


def voices(trials: dict[str, Any]) -> str:
    """What it shuts and opens for synthesised voices."""

    def of(count: dict[str, int]) -> str:
        return f"{count['shut']} of {count['count']}"

    missing = (
        ""
        if trials["synthesiser"]
        else "<p>New sentences are missing: the synthesiser flite is not installed here.</p>"
    )
    body = [(escape(voice["label"]), of(voice["bilabials"]), of(voice["openVowels"])) for voice in trials["voices"]]
    return f"""<h2>Synthesised voices with known phones</h2>
<p>The encoder was trained on these voices, never on these sentences; the chain heard neither. A p, b or m ought to
shut the mouth, an open vowel (at its middle) ought not.</p>
{table(("", "p, b, m that shut the mouth", "Open vowels that do"), body)}{missing}"""


def another(hears: dict[str, Any]) -> str:
    """How it does with another person's sound."""

    def r(figure: dict[str, float]) -> str:
        return f"{figure['mean']:.2f} &plusmn; {figure['sd']:.2f} <small>{figure['pooled']:.2f}</small>"

    met = (hears["closure"][name] for name in ("precision", "recall"))
    closure = " / ".join("-" if value is None else share(value) for value in met)
    body = [(escape(hears["name"]), r(hears["opening"]), r(hears["width"]), closure, openings(hears["range"]))]
    return f"""<h2>Another person's sound</h2>
<p>This person's chain hears a sound that is not theirs; the truth is the tracked mouth of whom it is. Mean &plusmn;
deviation over five contiguous pieces, and in small print all frames together.</p>
{table(("Heard", "Opening r", "Width r", "Closures: precision / recall", "Opening at 3 / 50 / 97 %, cm"), body)}"""


def share(value: float) -> str:
    """A share 0..1 with two decimals."""
    return f"{value:.2f}"
