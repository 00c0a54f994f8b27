"""Prices: rules that hold rules, applied to parts that hold parts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sale:
    part: object
    count: int
    customer: str  # "private", "garage" or "fleet"
    day: int


class Rule:
    def price(self, sale, cents):
        raise NotImplementedError


@dataclass(frozen=True)
class Percent(Rule):
    off: int

    def price(self, sale, cents):
        return cents * (100 - self.off) // 100


@dataclass(frozen=True)
class Bulk(Rule):
    steps: tuple[tuple[int, int], ...]  # from this count on, this many percent off

    def price(self, sale, cents):
        off = max((off for count, off in self.steps if sale.count >= count), default=0)
        return cents * (100 - off) // 100


@dataclass(frozen=True)
class When(Rule):
    field: str
    wanted: tuple
    rule: Rule

    def price(self, sale, cents):
        have = getattr(sale, self.field, None) or getattr(sale.part, self.field, None)
        return self.rule.price(sale, cents) if have in self.wanted else cents


@dataclass(frozen=True)
class InTurn(Rule):
    rules: tuple[Rule, ...]

    def price(self, sale, cents):
        for rule in self.rules:
            cents = rule.price(sale, cents)
        return cents


@dataclass(frozen=True)
class Cheapest(Rule):
    rules: tuple[Rule, ...]

    def price(self, sale, cents):
        return min(rule.price(sale, cents) for rule in self.rules)


STANDARD = InTurn((
    Cheapest((
        When("customer", ("garage",), InTurn((Percent(12), Bulk(((5, 3), (20, 6)))))),
        When("customer", ("fleet",), InTurn((Percent(15), When("make", ("Arden", "Elbe"), Percent(5))))),
        Bulk(((4, 4), (10, 8), (50, 15))),
    )),
    When("day", (5, 6), Cheapest((Percent(3), When("make", ("Garda",), Percent(10))))),
    When("make", ("Fjord", "Humber"), Percent(2)),
))


class Pricer:
    def __init__(self, catalogue, rules=STANDARD):
        self.catalogue = catalogue
        self.rules = rules

    def unit_price(self, sale):
        """Of one piece, in cents. An assembly costs what is in it, each piece priced by the rules itself."""
        cents = sale.part.cents
        for number, count in sale.part.contains:
            piece = Sale(self.catalogue[number], count * sale.count, sale.customer, sale.day)
            cents += count * self.unit_price(piece)
        return self.rules.price(sale, cents)

    def total(self, sales):
        return sum(sale.count * self.unit_price(sale) for sale in sales)
