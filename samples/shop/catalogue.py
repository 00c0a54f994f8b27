"""The parts, the assemblies that are built from them, and a search that forgives typing errors."""

import random
import re
from collections import Counter, defaultdict
from dataclasses import dataclass

MAKES = ("Arden", "Borea", "Calder", "Dorset", "Elbe", "Fjord", "Garda", "Humber")
PLACES = ("front left", "front right", "rear left", "rear right")
PLAIN = (
    "air filter", "alternator", "battery clamp", "bonnet cable", "camshaft sensor", "clutch plate",
    "coolant hose", "cylinder gasket", "exhaust bracket", "fan belt", "fuel pump", "fuse box",
    "gearbox mount", "glow plug", "handbrake cable", "heater valve", "ignition coil", "oil filter",
    "oxygen sensor", "petrol cap", "radiator", "spark plug", "starter motor", "steering rack",
    "thermostat", "throttle body", "timing chain", "water pump", "windscreen", "wiper motor",
)
PLACED = (
    "brake caliper", "brake disc", "brake pad", "coil spring", "door handle", "door seal",
    "hub bearing", "indicator lamp", "shock absorber", "track rod", "wheel arch", "wing mirror",
)


@dataclass(frozen=True)
class Part:
    number: str
    name: str
    make: str
    cents: int
    contains: tuple[tuple[str, int], ...] = ()  # of an assembly: part numbers and how many


def words(text):
    return re.findall(r"[a-z0-9]+", text.lower())


def distance(a, b, limit):
    """How many letters must be added, dropped or swapped for others to turn a into b; stops at limit."""
    if abs(len(a) - len(b)) >= limit:
        return limit
    above = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (x != y)))
        if min(row) >= limit:
            return limit
        above = row
    return above[-1]


class Catalogue:
    def __init__(self, parts):
        self.parts = {part.number: part for part in parts}
        self.index = defaultdict(set)
        for part in parts:
            for word in words(f"{part.make} {part.name} {part.number}"):
                self.index[word].add(part.number)
        self.plain_words = sorted(word for word in self.index if word.isalpha())

    def __getitem__(self, number):
        return self.parts[number]

    def nearest(self, word):
        """The known word with the fewest typing errors between it and this one, or None."""
        best, fewest = None, 3
        for known in self.plain_words:
            errors = distance(word, known, fewest)
            if errors < fewest:
                best, fewest = known, errors
        return best

    def search(self, query, most=12):
        """The parts that match the most words of the query, best first, and the words as understood."""
        understood = [w if w in self.index else self.nearest(w) for w in words(query)]
        hits = Counter()
        for word in filter(None, understood):
            rarity = 1 / len(self.index[word])
            for number in self.index[word]:
                hits[number] += 1 + rarity
        ranked = sorted(hits, key=lambda number: (-hits[number], number))
        return [self.parts[number] for number in ranked[:most]], understood


def assemblies(make, parts):
    """Kits of one make, each built from parts or from smaller kits."""
    by_name = {part.name: part.number for part in parts if part.make == make}
    code = make[:2].upper()

    def kit(number, name, *contents):
        return Part(f"{code}-K{number}", f"{name} kit", make, 900, contents)

    corners = [
        kit(10 + i, f"{place} wheel", *((by_name[f"{place} {name}"], count) for name, count in
            (("brake disc", 1), ("brake pad", 2), ("hub bearing", 1), ("coil spring", 1))))
        for i, place in enumerate(PLACES)
    ]
    axles = [
        kit(20, "front axle", (corners[0].number, 1), (corners[1].number, 1), (by_name["steering rack"], 1)),
        kit(21, "rear axle", (corners[2].number, 1), (corners[3].number, 1), (by_name["handbrake cable"], 2)),
    ]
    service = kit(30, "service", *((by_name[name], count) for name, count in
                  (("oil filter", 1), ("air filter", 1), ("spark plug", 4), ("fan belt", 1))))
    overhaul = kit(40, "overhaul", (axles[0].number, 1), (axles[1].number, 1), (service.number, 1))
    return [*corners, *axles, service, overhaul]


def standard_catalogue(seed=7):
    chance = random.Random(seed)
    parts = []
    for make in MAKES:
        names = [*PLAIN, *(f"{place} {name}" for name in PLACED for place in PLACES)]
        own = [
            Part(f"{make[:2].upper()}-{1000 + i}", name, make, chance.randrange(250, 38_000, 10))
            for i, name in enumerate(names)
        ]
        parts += own + assemblies(make, own)
    return Catalogue(parts)
