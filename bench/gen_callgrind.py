#!/usr/bin/env python3
"""A callgrind file: names with numbers, steps of positions, lines of costs, and calls.

  gen_callgrind.py --size 100M -o f.callgrind      calls go to later functions, but for about 3 %
  gen_callgrind.py --shape acyclic ...             all of them
  gen_callgrind.py --shape cycle ...               all functions on one big circle, besides
"""
import argparse
from workload import Model, parse_size, open_out

EVENTS = ['Ir', 'Dr', 'Dw', 'I1mr', 'D1mr', 'D1mw', 'ILmr', 'DLmr', 'DLmw']
STEPS = ['*'] * 3 + ['+%d' % k for k in (1, 1, 1, 2, 3, 5, 12)] + ['-%d' % k for k in (1, 2, 7)]
TAILS = 4096  # different costs of lines


def head(events, instr, total):
    return ('# callgrind format\nversion: 1\ncreator: callgrind-3.19.0\npid: 4711\ncmd: ./server --bench\npart: 1\n\n\n'
            'desc: I1 cache: \ndesc: D1 cache: \ndesc: LL cache: \n\ndesc: Trigger: Program termination\n\n'
            'positions: %s\nevents: %s\nsummary: %s\n\n\n'
            % ('instr line' if instr else 'line', ' '.join(events), total))


class Names:
    """`(3) name` the first time, `(3)` later."""

    def __init__(self, make):
        self.make, self.seen = make, set()

    def __call__(self, i):
        if i in self.seen:
            return '(%d)' % (i + 1)
        self.seen.add(i)
        return '(%d) %s' % (i + 1, self.make(i))


class Generator:
    def __init__(self, a):
        self.a = a
        n = self.n = a.functions or max(50, a.size // 500)
        m = self.model = Model(min(n, 20000), a.seed)
        self.rnd = m.rng.random
        self.files, self.objects = max(2, n // 12), max(2, min(60, n // 300))
        kinds = self.kinds = len(m.names)
        self.fn = Names(lambda i: m.names[i] if i < kinds else '%s#%d' % (m.names[i % kinds], i))
        self.fl = Names(lambda i: '/build/src/pkg%d/%s_%d.c' % (i % 97, m.names[i % kinds][:6].strip('&/:. '), i))
        self.ob = Names(lambda i: '/usr/lib/x86_64-linux-gnu/libobj%d.so.1' % i)
        self.used = [0] * TAILS  # how often a tail was an own cost
        self.make_tails()

    def make_tails(self):
        rnd = self.rnd
        if self.a.events == 1:
            self.tails = ['%d' % (1 + int(1 / (rnd() + 1e-6) ** .9)) for _ in range(TAILS)]
        else:
            self.tails = [' '.join(str(int(rnd() * 2000 // (1 + j * j))) for j in range(9)) for _ in range(TAILS)]
        self.inclusive = [' '.join('%d' % (int(x) * (1 + int(1 / (rnd() + 1e-4)))) for x in tail.split())
                          for tail in self.tails]

    def step(self):
        line = STEPS[int(self.rnd() * len(STEPS))] + ' '
        return '+%d %s' % (1 + int(self.rnd() * 6), line) if self.a.instr else line

    def own(self):
        tail = int(self.rnd() * TAILS)
        self.used[tail] += 1
        return self.tails[tail]

    def callee(self, k, is_first):
        if is_first and self.a.shape == 'cycle':
            return (k + 1) % self.n
        c = self.model.callees[k % self.kinds][int(self.rnd() * 32)]
        if self.n > self.kinds:
            c = min(self.n - 1, k - k % self.kinds + c)
        if self.a.shape == 'acyclic' and c <= k:
            c = k + 1 if k + 1 < self.n else -1
        return c

    def call(self, k, place, is_first):
        c = self.callee(k, is_first)
        if c < 0:
            return []
        part, there = [], (c * self.objects // self.n, c * self.files // self.n)
        if there[0] != place[0]:
            part.append('cob=' + self.ob(there[0]))
        if there[1] != place[1]:
            part.append('cfi=' + self.fl(there[1]))
        part.append('cfn=' + self.fn(c))
        part.append('calls=%d %s%d' % (1 + int(1 / (self.rnd() + 1e-4)), '0x401000 ' if self.a.instr else '',
                                       10 + int(self.rnd() * 3000)))
        part.append(self.step() + self.inclusive[int(self.rnd() * TAILS)])
        return part

    def function(self, k, address, last_object):
        place = (k * self.objects // self.n, k * self.files // self.n)
        part = ['ob=' + self.ob(place[0])] if place[0] != last_object else []
        part += ['fl=' + self.fl(place[1]), 'fn=' + self.fn(k)]
        part.append(('0x%x ' % address if self.a.instr else '') + '%d %s' % (10 + int(self.rnd() * 3000), self.own()))
        used, is_first = 90, True
        while used < self.a.size / self.n:
            if self.rnd() < .87 and not (is_first and self.a.shape == 'cycle'):
                line = self.step() + self.own()
                part.append(line)
                used += len(line) + 1
            else:
                part += self.call(k, place, is_first)
                is_first = False
                used += 60
        return '\n'.join(part + ['\n']), place[0]

    def totals(self):
        columns = [tail.split() for tail in self.tails]
        return ' '.join(str(sum(int(c[j]) * u for c, u in zip(columns, self.used))) for j in range(self.a.events))

    def write(self, f):
        f.write(head(EVENTS[:self.a.events], self.a.instr, 0).encode())
        size, i, last = 0, 0, -1
        while size < self.a.size:
            text, last = self.function(i % self.n, 0x401000 + 0x200 * i, last)
            f.write(text.encode())
            size += len(text)
            i += 1
        f.write(('totals: %s\n' % self.totals()).encode())


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument('--size', type=parse_size, default=10**7)
    p.add_argument('--functions', type=lambda s: int(float(s)), help='default: size / 500')
    p.add_argument('--events', type=int, choices=(1, 9), default=1)
    p.add_argument('--instr', action='store_true', help='positions: instr line')
    p.add_argument('--shape', choices=('mixed', 'acyclic', 'cycle'), default='mixed')
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('-o', default='-')
    a = p.parse_args()
    with open_out(a.o) as f:
        Generator(a).write(f)


if __name__ == '__main__':
    main()
