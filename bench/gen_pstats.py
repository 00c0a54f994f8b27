#!/usr/bin/env python3
"""cProfile dump (marshal) with F functions and about F*--fan edges, with the
object sharing (marshal references) that cProfile.Profile.dump_stats makes."""
import argparse
import gc
import marshal
from workload import Model, open_out


def main():
    p = argparse.ArgumentParser()
    p.add_argument('--size', type=lambda s: int(float(s)), default=1000,
                   help='number of functions, e.g. 1e5')
    p.add_argument('--fan', type=float, default=3.0, help='edges/function')
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--edited', type=float, default=0, metavar='SHARE',
                   help='another run, after a change: in this share of the files lines moved, some '
                        'functions were renamed, and they are called more often')
    p.add_argument('-o', default='-')
    a = p.parse_args()
    gc.disable()
    n = a.size
    m = Model(min(n, 20000), a.seed)
    rng = m.rng
    rnd = rng.random
    nfiles = max(3, n // 12)
    files = []
    for i in range(nfiles):
        x = m.names[i % len(m.names)].split('(')[0].strip().replace(' ', '')
        x = ''.join(c if c.isalnum() or c == '_' else '_' for c in x)
        files.append('/usr/lib/python3/site-packages/pkg%d/%s_%d.py' % (
            i % 97, x, i))
    keys = []
    for i in range(n):
        if rnd() < .05:
            keys.append(('~', 0, '<built-in method fn_%d.call>' % i))
        else:
            keys.append((files[int(nfiles * rnd() ** 1.3)],
                         1 + int(rnd() * 5000),
                         '%s_%d' % (m.names[i % len(m.names)]
                                    .split(' ')[0].split('/')[-1][:24], i)))
    keys[0] = ('~', 0, '<built-in method builtins.exec>')
    edited = {file for i, file in enumerate(files) if i * a.edited % 1 + a.edited >= 1}
    for i, (file, line, name) in enumerate(keys):
        if file in edited:
            keys[i] = (file, line + line // 100, name + '_2' if i % 8 == 0 else name)
    callers_of = [{} for _ in range(n)]
    # the callers' keys are new tuples, shared among their callees
    ckeys = [tuple(list(k)) for k in keys]
    # every function has a caller of a lower id; a few edges go back (recursion)
    outs = [[] for _ in range(n)]
    for d in range(1, n):
        c = d - 1 - int(rnd() * 40) if rnd() < .7 else int(d * rnd() ** 2)
        outs[max(c, 0)].append(d)
    for _ in range(int(n * (a.fan - 1))):
        c = int(n * rnd())
        r = rnd()
        if r < .02:
            d = int(n * rnd())
        elif r < .5:
            d = min(n - 1, c + 1 + int(rnd() * 40))
        else:
            d = c + int((n - c) * rnd() ** 3)
        outs[c].append(d)
    # inclusive time flows down from the root: a heavy tail, as in real dumps
    ct = [0.0] * n
    tt = [0.0] * n
    nc = [0] * n
    ct[0], nc[0] = 100.0, 1
    for c in range(n):
        o = outs[c]
        own = ct[c] * (.05 + .5 * rnd()) if o else ct[c]
        tt[c] = own
        rest = ct[c] - own
        w = [1 / (rnd() + .02) for _ in o]
        s = sum(w)
        key = ckeys[c]
        for d, x in zip(o, w):
            x = rest * x / s
            k = 1 + int(1 / (rnd() + 1e-4))
            if d > c:
                ct[d] += x
            old = callers_of[d].get(key)
            if old:
                k, x = k + old[0], x + old[3]
            callers_of[d][key] = (k, k, x * .3, x)
            nc[d] += k
    for i in range(n):
        nc[i] += nc[i] // 4 * (keys[i][0] in edited)
    stats = {}
    for i in range(n):
        stats[keys[i]] = (nc[i], nc[i], tt[i], ct[i], callers_of[i])
    with open_out(a.o) as f:
        f.write(marshal.dumps(stats))


if __name__ == '__main__':
    main()
