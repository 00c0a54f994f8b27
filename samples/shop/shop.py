"""Some days of a car part shop: customers search, are told a price, buy, and get an invoice.

Everything is drawn from one seed, so two runs do exactly the same work.
"""

import argparse
import hashlib
import random
from dataclasses import dataclass

from catalogue import standard_catalogue
from pricing import Pricer, Sale
from stock import Stock
from template import Template

INVOICE = """<h1>Invoice {{ number }}</h1>
<p>Day {{ day }}, {{ customer | title }} customer</p>
<table>
{% for line in lines %}<tr><td>{{ line.part.number }}</td><td>{{ line.part.make }} {{ line.part.name | title }}</td>
<td>{{ line.count }}</td><td>{{ line.cents | money }}</td></tr>
{% if line.part.contains %}<tr><td></td><td>put together in our workshop</td></tr>
{% end %}{% end %}</table>
{% if missing %}<p>To follow: {% for part in missing %}{{ part.name }}, {% end %}</p>{% end %}
<p>Total {{ total | money }}</p>
"""

PRICE_LIST = """<h1>Prices of day {{ day }}</h1>
<table>
{% for line in lines %}<tr><td>{{ line.part.number }}</td><td>{{ line.part.make }} {{ line.part.name | title }}</td>
<td>{{ line.cents | money }}</td><td>{% if line.count %}in stock{% end %}</td></tr>
{% end %}</table>
"""


@dataclass(frozen=True)
class Line:
    part: object
    count: int
    cents: int


def mistype(text, chance):
    """As somebody types it who looks at the counter and not at the keys."""
    letters = list(text)
    for _ in range(chance.choice((0, 0, 0, 1))):
        at = chance.randrange(len(letters) - 1)
        letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)


class Shop:
    def __init__(self, seed=7):
        self.chance = random.Random(seed)
        self.catalogue = standard_catalogue(seed)
        self.pricer = Pricer(self.catalogue)
        self.stock = Stock(self.catalogue.parts)
        self.paper = hashlib.sha256()
        self.invoices = 0
        self.turnover = 0

    def wish(self):
        part = self.chance.choice(list(self.catalogue.parts.values()))
        return mistype(f"{part.make} {part.name}", self.chance)

    def choose(self, query):
        found, _ = self.catalogue.search(query)
        return self.chance.choice(found[:3]) if found else None

    def serve(self, day):
        customer = self.chance.choice(("private", "private", "garage", "garage", "fleet"))
        lines, missing = [], []
        for _ in range(self.chance.randint(1, 5)):
            part = self.choose(self.wish())
            if part is None:
                continue
            wanted = self.chance.choice((1, 1, 2, 4, 12))
            count = self.stock.take(day, part.number, min(wanted, self.stock.available(part.number)))
            if count < wanted:
                missing.append(part)
            if count:
                cents = count * self.pricer.unit_price(Sale(part, count, customer, day % 7))
                lines.append(Line(part, count, cents))
        self.invoice(day, customer, lines, missing)

    def invoice(self, day, customer, lines, missing):
        self.invoices += 1
        total = sum(line.cents for line in lines)
        page = Template(INVOICE).render(
            number=self.invoices, day=day, customer=customer, lines=lines, missing=missing, total=total
        )
        self.paper.update(page.encode())
        self.turnover += total

    def price_list(self, day):
        """What hangs beside the door: the price of one piece of everything."""
        lines = [
            Line(part, self.stock.available(part.number), self.pricer.unit_price(Sale(part, 1, "private", day % 7)))
            for part in self.catalogue.parts.values()
        ]
        self.paper.update(Template(PRICE_LIST).render(day=day, lines=lines).encode())

    def open(self, days, customers):
        for day in range(days):
            self.price_list(day)
            for _ in range(customers):
                self.serve(day)
            self.stock.reorder(day)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--days", type=int, default=20)
    parser.add_argument("--customers", type=int, default=60, help="a day")
    options = parser.parse_args()
    shop = Shop()
    shop.open(options.days, options.customers)
    print(f"{shop.invoices} invoices over {shop.turnover / 100:,.2f}, checksum {shop.paper.hexdigest()[:12]}")
    for number, sold in shop.stock.best_sellers(3):
        print(f"{sold:6} x {shop.catalogue[number].make} {shop.catalogue[number].name}")


if __name__ == "__main__":
    main()
