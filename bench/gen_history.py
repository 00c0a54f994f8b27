#!/usr/bin/env python3
"""Writes a history of profviz track with many runs of one profile, slower in some stretches."""

import argparse
import pathlib
import random
import sqlite3
import subprocess


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profviz", required=True)
    parser.add_argument("--input", required=True, help="the profile that every run is made like")
    parser.add_argument("--runs", type=int, default=10000)
    parser.add_argument("-o", required=True)
    options = parser.parse_args()
    pathlib.Path(options.o).unlink(missing_ok=True)
    subprocess.run([options.profviz, "track", "add", options.input, "--db", options.o, "--name", "bench",
                    "--commit", "0", "--time", "1600000000"], check=True)
    random.seed(1)
    with sqlite3.connect(options.o) as db:
        totals = db.execute("SELECT metric, value, scale FROM total").fetchall()
        parts = db.execute("SELECT metric, kind, name, value FROM part").fetchall()
        for run in range(2, options.runs + 1):
            times = random.gauss(1, 0.02) * (1.2 if run % 3000 > 1500 else 1)
            db.execute("INSERT INTO run VALUES(?, 1, ?, ?, 'pstats')", (run, f"{run:040x}", 1600000000 + run * 3600))
            db.executemany("INSERT INTO total(metric, run, value, scale) VALUES(?, ?, ?, ?)",
                           [(m, run, int(v * times), s) for m, v, s in totals])
            db.executemany("INSERT INTO part VALUES(?, ?, ?, ?, ?)",
                           [(run, m, k, n, int(v * times)) for m, k, n, v in parts])


if __name__ == "__main__":
    main()
