"""An orchard's harvest: small, but with what profiles of Python are made of - recursion (direct and
mutual), a generator, lambdas on one line, a method, an exception, and an import at run time."""


class Tree:
    def __init__(self, kind, branches):
        self.kind = kind
        self.branches = branches

    def apples(self):
        return ripe(self.branches, 7)


def ripe(branches, depth):
    """Each branch carries smaller ones; unripe ones carry nothing."""
    if depth == 0:
        return 1
    return sum(ripe(branches - 1, depth - 1) for _ in range(branches)) if branches else unripe(depth)


def unripe(depth):
    return ripe(1, depth - 1) if depth else 0


def crates(count, size):
    while count > 0:
        yield min(count, size)
        count -= size


def price(kind):
    try:
        return {"pippin": 3, "russet": 4}[kind]
    except KeyError:
        return 1


def bill(trees):
    import __hello__  # what is imported late shows in a profile
    picked = [(tree.kind, tree.apples()) for tree in trees]
    picked.sort(key=lambda row: row[1]), picked.sort(key=lambda row: row[0])
    return sum(price(kind) * len(list(crates(apples, 12))) for kind, apples in picked)


def main():
    trees = [Tree(kind, 3 + i % 3) for i, kind in enumerate(["pippin", "russet", "sapling"] * 4)]
    print(bill(trees), "coins")


main()
