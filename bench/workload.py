"""What the generators share: a static call graph with zipf-popular functions and a stack walker with
realistic prefix sharing. The same seed and number of functions give the same bytes."""

import math
import random
import re
import sys

_MUL = {'': 1, 'k': 10**3, 'm': 10**6, 'g': 10**9,
        'ki': 2**10, 'mi': 2**20, 'gi': 2**30}


def parse_size(text):
    """'10M' -> 10000000; 'Mi' and 'Gi' are powers of two."""
    m = re.fullmatch(r'([0-9.]+)\s*([kmg]i?)?b?', text.strip().lower())
    if not m:
        raise SystemExit('bad size: %r' % text)
    return int(float(m.group(1)) * _MUL[m.group(2) or ''])


_SYL = ('alloc free get set read write parse init push pop map fold scan hash '
        'lock unlock wait send recv copy move find insert erase node tree list '
        'page cache buf sock inet tcp skb vfs ext4 blk irq sched task timer '
        'queue rcu mem slab zone json xml http req resp conn pool worker event '
        'loop poll select query plan exec join sort merge index row col batch '
        'tensor conv matmul grad step layer attn token embed decode').split()


def make_names(n, rng):
    """n unique function names, a mixture of C, C++, Python, Java and Go."""
    out, seen = [], set()
    syl = _SYL
    while len(out) < n:
        a, b, c, d = (rng.choice(syl) for _ in range(4))
        k = rng.random()
        if k < .40:
            s = '%s_%s_%s' % (a, b, c)
        elif k < .60:
            s = '%s::%s<%s, int>::%s(unsigned long)' % (
                a, b.capitalize(), c.capitalize(), d)
        elif k < .80:
            s = '%s_%s (%s/%s.py:%d)' % (a, b, c, d, rng.randrange(1, 2000))
        elif k < .90:
            s = 'org/%s/%s/%s.%s' % (a, b, c.capitalize(), d)
        elif k < .99:
            s = '%s/%s.(*%s).%s%s' % (a, b, c.capitalize(), d, a.capitalize())
        else:
            s = 'operator&& <%s> [%s] "%s"' % (a, b, c)
        if s in seen:
            s += '_%d' % len(out)
        seen.add(s)
        out.append(s)
    return out


class Model:
    """nfunc functions; callees[f] is a 32-slot table of callee ids whose
    repetitions encode the call probabilities."""

    def __init__(self, nfunc=5000, seed=1):
        rng = self.rng = random.Random(seed)
        self.nfunc = nfunc
        self.names = make_names(nfunc, rng)
        ranks = list(range(nfunc))
        rng.shuffle(ranks)
        weight = [0.0] * nfunc
        for i, f in enumerate(ranks):
            weight[f] = 1.0 / (i + 1) ** 1.05
        self.weight = weight
        # Ids are nearly a topological order: calls go to higher ids, but for
        # about 3 % (recursion, call-backs), so cycles are few and small.
        self.callees = []
        rnd = rng.random
        near = max(4, nfunc // 250)
        wide = max(16, nfunc // 12)
        for f in range(nfunc):
            k = 1
            while k < 12 and rnd() < .72:
                k += 1
            mine = []
            while len(mine) < k:
                r = rnd()
                if r < .6:                  # a popular function further down
                    c = -1
                    for _ in range(4):
                        d = f + 1 + int(rnd() ** 2 * wide)
                        if d < nfunc and (c < 0 or weight[d] > weight[c]):
                            c = d
                elif r < .97:
                    c = f + 1 + int(rnd() * near)
                else:
                    c = f - int(rnd() * near)
                if c < 0 or c >= nfunc:
                    c = max(0, f - int(rnd() * near))
                mine.append(c)
            table = []
            j = 0
            while len(table) < 32:          # 1/2, 1/4, ... of the slots
                share = max(1, (32 - len(table)) // 2)
                table += [mine[j % k]] * share
                j += 1
            self.callees.append(table)

    def stacks(self, mean=30, maxdepth=200):
        """Endless distinct stacks (root first) as tuples of function ids."""
        rng, callees = self.rng, self.callees
        rnd = rng.random
        roots = [0, 1, 2, 3]
        stack = [roots[0]]
        seen = set()
        left = 0
        target = mean
        mu = math.log(mean) - .5 * .55 ** 2
        while True:
            if left == 0:  # a new phase: another depth
                left = 20 + int(rnd() * 60)
                target = int(rng.lognormvariate(mu, .55))
                target = min(max(target, 3), maxdepth)
                cut = int(rnd() * min(len(stack), target))
                del stack[cut:]
                if not stack:
                    stack.append(roots[int(rnd() * 4)])
            left -= 1
            cut = 1
            while rnd() < .62:
                cut += 1
            depth = target + int(rnd() * 5) - 2
            keep = min(len(stack) - cut, depth - 1)
            if keep < 1:
                keep = 1
            del stack[keep:]
            f = stack[-1]
            while len(stack) < depth:
                f = callees[f][int(rnd() * 32)]
                stack.append(f)
                if rnd() < .03:
                    break
            if len(stack) > maxdepth:
                del stack[maxdepth:]
            t = tuple(stack)
            if t in seen:
                continue
            seen.add(t)
            yield t


def sample_order(rng, ndistinct, n):
    """n indices into the distinct stacks, zipf-like popularity."""
    rnd = rng.random
    for _ in range(n):
        yield int(ndistinct * rnd() ** 2.5)


def open_out(path):
    return sys.stdout.buffer if path in (None, '-') else open(path, 'wb')
