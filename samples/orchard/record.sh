#!/bin/sh
# Makes the files of ../pstats and ../pstats_text again, with the Python at hand (3.11 made those that
# are there). Run it inside this folder; times will differ. -S keeps out what an installation adds to
# every import.
set -eu
dumps=../pstats texts=../pstats_text
python3 -S -m cProfile -o "$dumps/cprofile.pstats" orchard.py
python3 -S -m profile -o "$dumps/profile.pstats" orchard.py
python3 -S - "$dumps" "$texts" <<'PYTHON'
import cProfile, io, marshal, os, pstats, sys

dumps, texts = map(os.path.abspath, sys.argv[1:])
os.chdir(dumps)  # so that what is printed names no folder


def load(name):
    with open(name, 'rb') as file:
        return marshal.load(file)


def dump(name, stats, version=marshal.version):
    with open(name, 'wb') as file:
        file.write(marshal.dumps(stats, version))


# Nothing ran: the two bytes of an empty dictionary.
profiler = cProfile.Profile()
profiler.create_stats()
profiler.dump_stats('empty.pstats')

# Added up as old versions of pstats did it: a caller's numbers twice in one tuple; and some callers from
# `profile`, which knows only how often they called.
merged = {}
for key, (cc, nc, tt, ct, callers) in load('cprofile.pstats').items():
    callers = {c: v + v if c[1] != 18 else 2 * v[0] for c, v in callers.items()}
    merged[key] = (2 * cc, 2 * nc, 2 * tt, 2 * ct, callers)
dump('merged.pstats', merged)

# As Python 2 wrote it: names are bytes, floats are text (marshal version 0).
old = lambda key: (key[0].encode(), key[1], key[2].encode())
dump('marshal0.pstats', {old(key): value[:4] + ({old(c): v for c, v in value[4].items()},)
                         for key, value in load('cprofile.pstats').items()}, 0)

# As the sampling profiler of Python 3.15 writes it: samples on top and on the stack where calls stand,
# a row per executing line, callers as counts, and a last key that says so.
line = lambda number, name: ('orchard.py', number, name)
interval = 0.001
rows = {
    line(50, '<module>'): (0, 200, {}),
    line(47, 'main'): (0, 200, {line(50, '<module>'): 200}),
    line(38, 'bill'): (0, 196, {line(47, 'main'): 196}),
    line(40, 'bill'): (1, 4, {line(47, 'main'): 4}),
    line(11, 'Tree.apples'): (2, 196, {line(38, 'bill'): 196}),
    line(18, 'ripe'): (150, 190, {line(11, 'Tree.apples'): 194, line(18, 'ripe'): 420}),
    line(17, 'ripe'): (44, 44, {line(18, 'ripe'): 44}),
    line(27, 'crates'): (3, 3, {line(40, 'bill'): 3}),
}
sampled = {key: (top, stack, top * interval, stack * interval, callers)
           for key, (top, stack, callers) in rows.items()}
sampled[('__sampled__',)] = True
dump('sampled.pstats', sampled)


def text(name, stats, print_it):
    stats.stream = io.StringIO()
    print_it(stats)
    with open('%s/%s' % (texts, name), 'w') as file:
        file.write(stats.stream.getvalue())


text('functions.txt', pstats.Stats('cprofile.pstats').sort_stats('cumulative'),
     lambda stats: stats.print_stats())
text('callers.txt', pstats.Stats('cprofile.pstats').sort_stats('name'),
     lambda stats: stats.print_callers())
text('callees.txt', pstats.Stats('cprofile.pstats').sort_stats('name'),
     lambda stats: stats.print_callees())
text('callers-of-profile.txt', pstats.Stats('profile.pstats').sort_stats('tottime'),
     lambda stats: stats.print_callers())

# A log: what the program says, and its profile twice, sorted by another column and cut the second time.
stats = pstats.Stats('cprofile.pstats')
text('log.txt', stats, lambda stats: (
    stats.stream.write('starting\n57 coins\n'), stats.sort_stats('tottime').print_stats(),
    stats.stream.write('the ten most often called:\n'), stats.sort_stats('ncalls').print_stats(10),
    stats.stream.write('done\n')))
PYTHON
