#!/usr/bin/env python3
"""Writes render/font_table.h: for each character the widest advance among the given fonts.

    render/gen/font_table.py /usr/share/fonts/truetype > render/font_table.h

Needs DejaVu Sans and Liberation Sans (its advances are those of Arial and Helvetica), regular and
bold; reads their cmap and hmtx tables (OpenType 1.9) and takes nothing else from them.
"""
import struct
import sys

REGULAR = ["dejavu/DejaVuSans.ttf", "liberation2/LiberationSans-Regular.ttf"]
BOLD = ["dejavu/DejaVuSans-Bold.ttf", "liberation2/LiberationSans-Bold.ttf"]
# What names of functions are written in; everything else takes the fallback of font.c.
BLOCKS = [(0x20, 0x7E), (0xA0, 0x52F), (0x1E00, 0x1EFF), (0x2010, 0x205E), (0x2070, 0x20BF),
          (0x2100, 0x214F), (0x2190, 0x22FF), (0x2500, 0x25FF)]
PER_EM = 2048


def tables(data):
    count = struct.unpack_from(">H", data, 4)[0]
    for i in range(count):
        tag, _, offset, size = struct.unpack_from(">4sLLL", data, 12 + 16 * i)
        yield tag.decode(), data[offset:offset + size]


def characters(cmap):
    """Code point to glyph, from the format 4 subtable for Unicode's first plane."""
    for i in range(struct.unpack_from(">H", cmap, 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHL", cmap, 4 + 8 * i)
        if (platform, encoding) == (3, 1):
            break
    else:
        raise SystemExit("no Unicode cmap")
    assert struct.unpack_from(">H", cmap, offset)[0] == 4
    segments = struct.unpack_from(">H", cmap, offset + 6)[0] // 2
    at = offset + 14
    ends = struct.unpack_from(f">{segments}H", cmap, at)
    starts = struct.unpack_from(f">{segments}H", cmap, at + 2 * segments + 2)
    deltas = struct.unpack_from(f">{segments}H", cmap, at + 4 * segments + 2)
    ranges_at = at + 6 * segments + 2
    ranges = struct.unpack_from(f">{segments}H", cmap, ranges_at)
    glyphs = {}
    for i in range(segments):
        for code in range(starts[i], ends[i] + 1):
            if ranges[i] == 0:
                glyph = (code + deltas[i]) & 0xFFFF
            else:
                place = ranges_at + 2 * i + ranges[i] + 2 * (code - starts[i])
                glyph = struct.unpack_from(">H", cmap, place)[0] if place + 2 <= len(cmap) else 0
                glyph = (glyph + deltas[i]) & 0xFFFF if glyph else 0
            if glyph:
                glyphs[code] = glyph
    return glyphs


def advances(path):
    with open(path, "rb") as file:
        parts = dict(tables(file.read()))
    per_em = struct.unpack_from(">H", parts["head"], 18)[0]
    metrics = struct.unpack_from(">H", parts["hhea"], 34)[0]
    widths = [struct.unpack_from(">H", parts["hmtx"], 4 * i)[0] for i in range(metrics)]
    return {code: -(-widths[min(glyph, metrics - 1)] * PER_EM // per_em)
            for code, glyph in characters(parts["cmap"]).items()}


def widest(folder, names):
    fonts = [advances(f"{folder}/{name}") for name in names]
    return lambda code: max((font[code] for font in fonts if code in font), default=None)


def runs(regular, bold):
    """Neighbours with the same two advances, as [first, last, regular, bold]."""
    out = []
    for first, last in BLOCKS:
        for code in range(first, last + 1):
            pair = (regular(code), bold(code))
            if None in pair:
                continue
            if out and out[-1][1] == code - 1 and tuple(out[-1][2:]) == pair:
                out[-1][1] = code
            else:
                out.append([code, code, *pair])
    return out


def main():
    regular, bold = widest(sys.argv[1], REGULAR), widest(sys.argv[1], BOLD)
    rows = [row for row in runs(regular, bold) if row[0] > 0x7E]
    print("/* Written by render/gen/font_table.py: do not edit. */")
    print("#ifndef PV_RENDER_FONT_TABLE_H\n#define PV_RENDER_FONT_TABLE_H\n")
    print("#include <stdint.h>\n")
    print("enum { PV_FONT_PER_EM = %d };\n" % PER_EM)
    print("/* clang-format off */\n/* U+0020 to U+007E: regular, bold. */")
    print("static const uint16_t font_ascii[95][2] = {")
    for i in range(0x20, 0x7F, 10):
        print("".join("{%d,%d}," % (regular(c), bold(c)) for c in range(i, min(i + 10, 0x7F))))
    print("};\n/* clang-format on */\n")
    print("/* Code points first to last have these advances. */")
    print("struct pv_font_run {\n    uint16_t first, last, regular, bold;\n};\n")
    print("/* clang-format off */\nstatic const struct pv_font_run font_runs[] = {")
    for i in range(0, len(rows), 5):
        print("".join("{0x%X,0x%X,%d,%d}," % tuple(row) for row in rows[i:i + 5]))
    print("};\n/* clang-format on */\n\n#endif")


if __name__ == "__main__":
    main()
