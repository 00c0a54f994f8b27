#!/usr/bin/env python3
"""Writes render/palette_table.h: every slot of render/palette.h, light and dark.

    render/gen/palette_table.py > render/palette_table.h
    render/gen/palette_table.py --css > render/html/palette.css

Colours are given in OKLCH (Ottosson 2020, "A perceptual color space for image processing") and
brought into sRGB by lowering their chroma.
"""
import math
import sys

HUES, STEPS, COSTS, GREYS, DIFFS, ARCS = 12, 3, 16, 3, 7, 8


def linear(light, chroma, hue):
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    l = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    m = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
            -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
            -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s)


def encode(value):
    value = 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055
    return round(255 * min(1, max(0, value)))


def oklch(light, chroma, hue):
    low, high = 0.0, chroma
    if all(-1e-4 <= v <= 1 + 1e-4 for v in linear(light, chroma, hue)):
        low = chroma
    for _ in range(40):
        middle = (low + high) / 2
        inside = all(-1e-4 <= v <= 1 + 1e-4 for v in linear(light, middle, hue))
        low, high = (middle, high) if inside else (low, middle)
    red, green, blue = (encode(v) for v in linear(light, low, hue))
    return red << 16 | green << 8 | blue


def ramp(steps, first, last):
    """From OKLCH to OKLCH in even steps."""
    for i in range(steps):
        part = i / (steps - 1)
        yield oklch(*(a + (b - a) * part for a, b in zip(first, last)))


def both(light, dark):
    return list(zip(light, dark))


def slots():
    yield "none", [(0xFFFFFF, 0x0D1117)]
    yield "text", [(0x1F2328, 0xE6EDF3)]
    yield "text_2", [(0x59636E, 0x9198A1)]
    yield "hairline", [(0xD1D9E0, 0x3D444D)]
    yield "border", [(0x818B98, 0x6E7681)]
    yield "accent", [(0xBF3989, 0xF778BA)]
    yield "background", [(0xFFFFFF, 0x0D1117)]
    yield "surface", [(0xF6F8FA, 0x161B22)]
    yield "tint", [(oklch(.962, .022, 250), oklch(.27, .035, 250))]
    yield "rest", [(oklch(.955, .003, 250), oklch(.26, .008, 250))]
    yield "grey", both(ramp(GREYS, (.86, .006, 250), (.91, .004, 250)),
                       ramp(GREYS, (.35, .012, 250), (.41, .012, 250)))
    modules = []
    for hue in range(HUES):
        for step in range(STEPS):
            angle = 15 + 360 * hue / HUES
            modules.append((oklch(.80 + .035 * step, .078, angle),
                            oklch(.41 + .035 * step, .078, angle)))
    yield "module", modules
    yield "cost", both(ramp(COSTS, (.975, .012, 85), (.67, .17, 42)),
                       ramp(COSTS, (.235, .012, 60), (.515, .155, 38)))
    yield "same", [(oklch(.91, .004, 250), oklch(.33, .01, 250))]
    yield "less", both(ramp(DIFFS, (.92, .03, 250), (.70, .13, 250)),
                       ramp(DIFFS, (.31, .04, 255), (.50, .14, 255)))
    yield "more", both(ramp(DIFFS, (.93, .035, 65), (.71, .15, 50)),
                       ramp(DIFFS, (.31, .04, 55), (.51, .13, 45)))
    maps = []
    for light, dark in ((((.975, .012, 250), (.67, .135, 250)), ((.235, .012, 255), (.515, .14, 255))),
                        (((.975, .015, 150), (.67, .14, 150)), ((.235, .012, 155), (.515, .12, 150))),
                        (((.975, .06, 105), (.67, .12, 265)), ((.235, .06, 285), (.515, .11, 130))),
                        (((.975, .002, 250), (.67, .008, 250)), ((.235, .004, 250), (.515, .008, 250)))):
        maps += both(ramp(COSTS, *light), ramp(COSTS, *dark))
    yield "maps", maps
    yield "arc", both(ramp(ARCS, (.83, .010, 60), (.40, .05, 45)),
                      ramp(ARCS, (.36, .010, 60), (.82, .06, 60)))


CLASSES = {"none": "no", "text": "t", "text_2": "u", "hairline": "hl", "border": "bd", "accent": "ac",
           "background": "bg", "surface": "sf", "tint": "ti", "rest": "re", "grey": "g", "module": "m",
           "cost": "c", "same": "eq", "less": "l", "more": "o", "maps": "k", "arc": "a"}


def css():
    """Custom properties by slot number, and the classes of render/canvas_svg.c for SVGs in a page."""
    pairs = [pair for _, colours in slots() for pair in colours]
    names = []
    for name, colours in slots():
        names += [f"{CLASSES[name]}{i}" if len(colours) > 1 else CLASSES[name] for i in range(len(colours))]
    light = "\n".join("  --p%d: #%06x;" % (i, pair[0]) for i, pair in enumerate(pairs))
    dark = "  color-scheme: dark;\n" + "\n".join("  --p%d: #%06x;" % (i, pair[1]) for i, pair in enumerate(pairs))
    print("/* Written by render/gen/palette_table.py: do not edit. */")
    print(f":root {{\n{light}\n}}")
    print('@media screen and (prefers-color-scheme: dark) {\n:root:not([data-theme="light"], .paper) {\n%s\n}\n}' % dark)
    print('@media screen {\n:root[data-theme="dark"]:not(.paper) {\n%s\n}\n}' % dark)
    for i, name in enumerate(names[1:], 1):
        print("svg .%s { fill: var(--p%d); }\nsvg .s-%s { stroke: var(--p%d); }" % (name, i, name, i))


def main():
    if sys.argv[1:] == ["--css"]:
        css()
        return
    print("/* Written by render/gen/palette_table.py: do not edit. */")
    print("#ifndef PV_RENDER_PALETTE_TABLE_H\n#define PV_RENDER_PALETTE_TABLE_H\n")
    print("#include <stdint.h>\n")
    print("/* Light and dark colour of each slot, 0xRRGGBB, in the order of enum pv_paint. */")
    print("/* clang-format off */\nstatic const uint32_t palette[][2] = {")
    for name, colours in slots():
        print(f"    /* {name} */")
        for i in range(0, len(colours), 3):
            print("    " + " ".join("{0x%06X, 0x%06X}," % pair for pair in colours[i:i + 3]))
    print("};\n/* clang-format on */\n\n#endif")


if __name__ == "__main__":
    main()
