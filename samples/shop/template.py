"""A small template language: {{ value.attribute | filter }}, {% for x in list %}, {% if value %}, {% end %}."""

import html
import re

TOKEN = re.compile(r"({{.*?}}|{%.*?%})")
FILTERS = {
    "money": lambda cents: f"{cents // 100:,}.{cents % 100:02d}",
    "title": str.title,
}


def lookup(path, context):
    first, *rest = path.split(".")
    value = context[first]
    for name in rest:
        value = value[name] if isinstance(value, dict) else getattr(value, name)
    return value


class Text:
    def __init__(self, text):
        self.text = text

    def render(self, context, out):
        out.append(self.text)


class Value:
    def __init__(self, expression):
        self.path, *self.filters = (piece.strip() for piece in expression.split("|"))

    def render(self, context, out):
        value = lookup(self.path, context)
        for name in self.filters:
            value = FILTERS[name](value)
        out.append(html.escape(str(value)))


class Block:
    def __init__(self):
        self.nodes = []

    def render(self, context, out):
        for node in self.nodes:
            node.render(context, out)


class For(Block):
    def __init__(self, name, path):
        super().__init__()
        self.name, self.path = name, path

    def render(self, context, out):
        for value in lookup(self.path, context):
            super().render({**context, self.name: value}, out)


class If(Block):
    def __init__(self, path):
        super().__init__()
        self.path = path

    def render(self, context, out):
        if lookup(self.path, context):
            super().render(context, out)


class Template:
    def __init__(self, source):
        self.root = Block()
        self.parse(source)

    def parse(self, source):
        stack = [self.root]
        for token in TOKEN.split(source):
            if token.startswith("{{"):
                stack[-1].nodes.append(Value(token[2:-2]))
            elif token.startswith("{%"):
                self.statement(token[2:-2].split(), stack)
            elif token:
                stack[-1].nodes.append(Text(token))

    def statement(self, terms, stack):
        match terms:
            case ["for", name, "in", path]:
                stack.append(For(name, path))
            case ["if", path]:
                stack.append(If(path))
            case ["end"]:
                stack.pop()
                return
            case _:
                raise ValueError(f"no such statement: {' '.join(terms)}")
        stack[-2].nodes.append(stack[-1])

    def render(self, **context):
        out = []
        self.root.render(context, out)
        return "".join(out)
