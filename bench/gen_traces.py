#!/usr/bin/env python3
"""A Chrome trace: threads whose calls nest, as complete events (X), as begins and ends (BE) or as a
mixture, some with args that hold escapes."""

import argparse
import json

from workload import Model, open_out, parse_size

CATEGORIES = ['"FEE"', '"function"', '"v8"', '"toplevel,ipc"']


def make_args():
    """256 texts of args; half of them escape what is not ASCII."""
    pool = []
    for i in range(256):
        data = {
            "url": f'https://example.com/a/{i}?x="{i * 7}"&y=\\n',
            "frame": f"{i * 7919:X}",
            "n": [i, i + 1, {"k": None}],
            "msg": "caf\u00e9 \u2013 line\nbreak",
        }
        text = json.dumps({"data": data}, separators=(",", ":"), ensure_ascii=i % 2 == 0)
        pool.append(f',"args":{text}}}')
    return pool


class Thread:
    def __init__(self, number):
        self.tid = 4711 + number
        self.time = 1000.0 * number
        self.stack = [(number * 7, self.time, False)]  # function, begin, whether as a pair


class Trace:
    def __init__(self, options):
        self.model = Model(options.functions, options.seed)
        self.rnd = self.model.rng.random
        self.kind = options.kind
        self.share = options.args
        self.pool = make_args()
        names = [json.dumps(name).replace("%", "%%") for name in self.model.names]
        self.whole = [
            '{"pid":4711,"tid":%d,"ts":%.3f,"dur":%.3f,"ph":"X","cat":' + CATEGORIES[i % 4] + ',"name":' + name
            for i, name in enumerate(names)
        ]
        self.begin = ['{"ph":"B","pid":4711,"tid":%d,"ts":%.3f,"name":' + name for name in names]
        self.end = '{"ph":"E","pid":4711,"tid":%d,"ts":%.3f}'

    def ending(self):
        return self.pool[int(self.rnd() * 256)] if self.rnd() < self.share else "}"

    def enter(self, thread):
        function = self.model.callees[thread.stack[-1][0]][int(self.rnd() * 32)]
        is_pair = self.kind == "BE" or (self.kind == "mixed" and self.rnd() < 0.5)
        thread.stack.append((function, thread.time, is_pair))
        return self.begin[function] % (thread.tid, thread.time) + self.ending() if is_pair else None

    def leave(self, thread):
        function, begin, is_pair = thread.stack.pop()
        if is_pair:
            return self.end % (thread.tid, thread.time)
        return self.whole[function] % (thread.tid, begin, thread.time - begin) + self.ending()

    def run(self, thread, steps):
        """Some events of one thread; all times are exact in binary."""
        for _ in range(steps):
            thread.time += 0.25 + int(self.rnd() * 32) * 0.25
            depth = len(thread.stack)
            if depth < 2 or (depth < 60 and self.rnd() < 0.5 + (15 - depth) * 0.012):
                event = self.enter(thread)
                if event:
                    yield event
            else:
                yield self.leave(thread)

    def close(self, thread):
        while len(thread.stack) > 1:
            thread.time += 1
            yield self.leave(thread)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=parse_size, default=10**7)
    parser.add_argument("--functions", type=int, default=3000)
    parser.add_argument("--kind", choices=("X", "BE", "mixed"), default="X")
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--args", type=float, default=0.1, help="share of the calls with args")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", default="-")
    options = parser.parse_args()
    trace = Trace(options)
    threads = [Thread(i) for i in range(options.threads)]
    total = 0
    with open_out(options.o) as out:
        head = [f'{{"ph":"M","pid":4711,"tid":{t.tid},"name":"thread_name","args":{{"name":"thread {t.tid}"}}}}' for t in threads]
        out.write(('{"traceEvents":[' + ",\n".join(head)).encode())
        while total < options.size:
            events = trace.run(threads[int(trace.rnd() * len(threads))], 64)
            total += out.write("".join(f",\n{event}" for event in events).encode())
        for thread in threads:
            out.write("".join(f",\n{event}" for event in trace.close(thread)).encode())
        out.write(b'],"displayTimeUnit":"ms"}\n')


if __name__ == "__main__":
    main()
