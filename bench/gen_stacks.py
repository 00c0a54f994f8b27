#!/usr/bin/env python3
"""Collapsed stacks ("a;b;c 12" lines), root first.

  gen_stacks.py --size 100M -o f.folded          every line distinct, sorted
  gen_stacks.py --lines 1e6 --distinct 0.1 ...   raw samples, time order
"""
import argparse
from workload import Model, parse_size, sample_order, open_out


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--size', type=parse_size, help='output bytes, e.g. 100M')
    p.add_argument('--lines', type=lambda s: int(float(s)))
    p.add_argument('--functions', type=lambda s: int(float(s)), default=5000)
    p.add_argument('--distinct', type=float, default=1.0,
                   help='distinct stacks / lines (default 1)')
    p.add_argument('--depth', type=int, default=30, help='mean depth')
    p.add_argument('--maxdepth', type=int, default=200)
    p.add_argument('--order', choices=('sorted', 'walk', 'shuffled'),
                   default=None, help='default: sorted when distinct is 1')
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('-o', default='-')
    a = p.parse_args()
    if not a.size and not a.lines:
        a.size = 10**6
    order = a.order or ('sorted' if a.distinct >= 1 else 'walk')
    m = Model(a.functions, a.seed)
    names, rng = m.names, m.rng
    get = names.__getitem__
    out, total = [], 0
    want = (a.size or 0) * a.distinct
    nlines = int((a.lines or 0) * a.distinct)
    for st in m.stacks(a.depth, a.maxdepth):
        s = ';'.join(map(get, st))
        out.append(s)
        total += len(s) + 4
        if (nlines and len(out) >= nlines) or (want and total >= want):
            break
    with open_out(a.o) as f:
        if a.distinct >= 1:
            if order == 'sorted':
                out.sort()
            elif order == 'shuffled':
                rng.shuffle(out)
            rnd = rng.random
            buf = []
            for s in out:
                c = int(1 / (rnd() + 1e-5) ** .9)
                buf.append('%s %d\n' % (s, c))
                if len(buf) >= 4096:
                    f.write(''.join(buf).encode())
                    buf.clear()
            f.write(''.join(buf).encode())
        else:
            rng.shuffle(out)
            n = a.lines or int(a.size / (total / len(out)))
            buf = []
            for i in sample_order(rng, len(out), n):
                buf.append(out[i])
                if len(buf) >= 4096:
                    f.write((' 1\n'.join(buf) + ' 1\n').encode())
                    buf.clear()
            if buf:
                f.write((' 1\n'.join(buf) + ' 1\n').encode())


if __name__ == '__main__':
    main()
