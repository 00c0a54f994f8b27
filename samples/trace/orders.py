"""A program that says what it does: tracing in twenty lines, and three threads that use it."""

import contextlib
import sys
import threading
import time


class Trace:
    """Writes the lines that profviz reads. A line is one write, so that threads may share it."""

    def __init__(self, path, process):
        self.file = open(path, "a", encoding="utf-8", newline="\n")
        self.file.write(f"# profviz trace 1 unit=ns process={process}\n")

    def line(self, *fields):
        self.file.write("\t".join(map(str, fields)) + f"\tthread={threading.current_thread().name}\n")

    @contextlib.contextmanager
    def span(self, name):
        self.line("B", name, time.perf_counter_ns())
        try:
            yield
        finally:
            self.line("E", name, time.perf_counter_ns())

    def count(self, name, value):
        self.line("C", name, value, time.perf_counter_ns())


def take_orders(trace, orders):
    for number in range(orders):
        with trace.span("take an order"):
            with trace.span("listen"):
                time.sleep(0.001)
            with trace.span("write it down"):
                time.sleep(0.0005)
            trace.count("orders", number + 1)


def main():
    trace = Trace(sys.argv[1], "orders")
    with trace.span("morning"):
        clerks = [
            threading.Thread(target=take_orders, args=(trace, 3), name=name) for name in ("Cem", "Dora")
        ]
        for clerk in clerks:
            clerk.start()
        for clerk in clerks:
            clerk.join()
    trace.file.close()


main()
