"""Sentences for the pretraining corpus: a small grammar over everyday words, with invented names.

The names are random syllables; they bring sound sequences that the word list does not have, and every bilabial
before every vowel.
"""

from collections.abc import Iterator
from random import Random

WORDS: dict[str, str] = {
    "person": "my brother|the baker|a young pilot|her neighbour|the old farmer|our teacher|the mayor|a famous painter|"
    "the bus driver|his uncle|two boys|the judge|an engineer|the whole family|a woman from Rome|the chef|five visitors|"
    "nobody|everyone here|the shop owner|a friend of mine|the big dog|that boy|the museum guide|a group of women",
    "act": "bought|brought back|found|painted|moved|wanted to keep|could not open|has always loved|forgot|measured|"
    "wrapped up|described|watched|will probably miss|gave away|fixed|showed us|never mentioned|put down|borrowed|"
    "should have checked|opened|closed|picked up|pushed|threw away|pulled out|missed|remembers|carried",
    "thing": "the blue bowl|a cup of warm milk|the wooden bridge|an empty bottle|the yellow umbrella|some apple juice|"
    "a map of the village|the broken window|his new shoes|a piece of cheese|the very long letter|a silver ring|"
    "more paper|the evening news|a pair of gloves|fresh bread and butter|the garden gate|a huge wave|both books|"
    "a zip and a button|the television|a box of matches|the camera|a photograph|their old piano|the good knife|"
    "a bag of rice|every mushroom|the final chapter|a thousand pounds",
    "place": "behind the house|at the market|in the middle of May|near the river bank|on a small boat|under the table|"
    "before the film|above the clouds|in front of the theatre|by the swimming pool|over the hill|beside the fire|"
    "on the way to work|at the airport|between two tall trees|from the top shelf|in Vienna|through the valley",
    "time": "yesterday|this morning|after lunch|every Wednesday|at half past five|about a month ago|once more|tomorrow|"
    "in the afternoon|before supper|last February|when it rained|as usual|much too late|all summer|for the first time",
    "quality": "rather expensive|perfectly round|much better than before|bright and warm|hard to believe|too heavy|"
    "quite funny|very quiet|important to us|impossible to move|obviously wrong|famous for its food|deep and cold|"
    "far from simple|smooth as ice|just about finished|dangerous|beautiful",
    "clause": "I think that|we were told that|maybe|it seems that|people say that|unfortunately|of course|"
    "they hope that|"
    "I remember when|nobody knew that|she believes that|however|in my opinion|above all|by the way",
    "question": "why did|when will|how could|where would|should|did",
    "verb": "move|stay here|pay for it|open the box|leave|arrive|speak so fast|help them|buy it|laugh about that|vote|"
    "make a wish|see the ship|put it on|breathe|choose one|play",
    "number": "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifty|a hundred and five|ninety|zero",
}
ONSETS = [
    "b",
    "p",
    "m",
    "f",
    "v",
    "w",
    "d",
    "t",
    "n",
    "l",
    "s",
    "z",
    "sh",
    "ch",
    "k",
    "g",
    "r",
    "h",
    "j",
    "th",
    "bl",
    "pr",
    "fr",
    "pl",
    "br",
    "tr",
    "kl",
]
VOWELS = ["a", "e", "i", "o", "u", "ee", "oo", "ah", "ai", "ow", "oi"]
CODAS = ["", "", "", "m", "b", "p", "n", "t", "s", "l", "f", "v", "k", "sh"]
PATTERNS = (
    "{person} {act} {thing} {place}.",
    "{clause} {person} {act} {thing} {time}.",
    "{time}, {person} {act} {thing}.",
    "{thing} {place} was {quality}.",
    "{question} {person} {verb} {place}?",
    "{name} {act} {thing}, but {name} did not {verb}.",
    "{number}, {number}, {number}, {name} and {name}.",
    "{clause} {thing} is {quality}, and {person} {act} it.",
    "please {verb} {time}, {name}!",
    "{name} {name} {place}, {number} or {number} times.",
)


def invented_name(random: Random) -> str:
    """Two or three random syllables, spelt so that English letter-to-sound rules can read them."""
    syllables = random.choice((2, 2, 3))
    return "".join(random.choice(ONSETS) + random.choice(VOWELS) + random.choice(CODAS) for _ in range(syllables))


def sentences(seed: int) -> Iterator[str]:
    """Endless distinct sentences, the same ones for the same seed."""
    random = Random(seed)
    choices = {slot: words.split("|") for slot, words in WORDS.items()}
    seen: set[str] = set()
    while True:
        sentence = random.choice(PATTERNS)
        while "{" in sentence:
            slot = sentence[sentence.index("{") + 1 : sentence.index("}")]
            filler = invented_name(random) if slot == "name" else random.choice(choices[slot])
            sentence = sentence.replace("{" + slot + "}", filler, 1)
        if sentence not in seen:
            seen.add(sentence)
            yield sentence[0].upper() + sentence[1:]
