"""What lies on which shelf, in SQLite."""

import sqlite3

SCHEMA = """
CREATE TABLE shelf (number TEXT, place TEXT, pieces INTEGER, PRIMARY KEY (number, place));
CREATE TABLE move (day INTEGER, number TEXT, pieces INTEGER, reason TEXT);
"""


class Stock:
    def __init__(self, numbers, pieces=40):
        self.db = sqlite3.connect(":memory:")
        self.db.executescript(SCHEMA)
        rows = [(n, f"{aisle}{i % 24 + 1}", pieces) for i, n in enumerate(numbers) for aisle in "AB"]
        self.db.executemany("INSERT INTO shelf VALUES (?, ?, ?)", rows)

    def available(self, number):
        row = self.db.execute("SELECT sum(pieces) FROM shelf WHERE number = ?", (number,)).fetchone()
        return row[0] or 0

    def take(self, day, number, wanted):
        """Takes up to that many pieces, from the fullest shelf first; returns how many there were."""
        left = wanted
        shelves = self.db.execute(
            "SELECT place, pieces FROM shelf WHERE number = ? AND pieces > 0 ORDER BY pieces DESC", (number,)
        ).fetchall()
        for place, pieces in shelves:
            taken = min(left, pieces)
            self.db.execute(
                "UPDATE shelf SET pieces = pieces - ? WHERE number = ? AND place = ?", (taken, number, place)
            )
            left -= taken
            if not left:
                break
        self.note(day, number, left - wanted, "sale")
        return wanted - left

    def note(self, day, number, pieces, reason):
        self.db.execute("INSERT INTO move VALUES (?, ?, ?, ?)", (day, number, pieces, reason))

    def demand(self, day, number):
        """How many pieces a week went lately."""
        row = self.db.execute(
            "SELECT -sum(pieces) FROM move WHERE reason = 'sale' AND number = ? AND day > ?", (number, day - 28)
        ).fetchone()
        return (row[0] or 0) / 4

    def reorder(self, day, below=76):
        """Fills up what has run low, and more of what is asked for."""
        low = self.db.execute(
            "SELECT number, sum(pieces) FROM shelf GROUP BY number HAVING sum(pieces) < ?", (below,)
        ).fetchall()
        for number, pieces in low:
            ordered = below + round(self.demand(day, number)) - pieces
            self.db.execute(
                "UPDATE shelf SET pieces = pieces + ? WHERE number = ? AND place LIKE 'A%'", (ordered, number)
            )
            self.note(day, number, ordered, "order")
        self.db.commit()

    def best_sellers(self, most=10):
        return self.db.execute(
            "SELECT number, -sum(pieces) AS sold FROM move WHERE reason = 'sale'"
            " GROUP BY number ORDER BY sold DESC, number LIMIT ?", (most,)
        ).fetchall()
