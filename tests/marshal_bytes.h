#ifndef PV_TESTS_MARSHAL_BYTES_H
#define PV_TESTS_MARSHAL_BYTES_H

#include "model/text.h"
#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

/* A small assembler of marshal, so that rows of a test can be read. Words are separated by blanks:
 *
 *   { 0 N T F S . : c     the type byte alone
 *   (3  [3  <3            a small tuple, a list, a set of so many items; ((3 a long tuple
 *   i7 I7 g0.5 y          numbers: 32 bits, 64 bits, double, complex
 *   f0.5 x0.5,1           numbers as text
 *   l-3:1,2,7fff          a long of so many digits, in hexadecimal
 *   z:text s:text u:text  texts, also Z a A t; + stands for a blank, %ff for a byte
 *   r3 R1                 references
 *   w5                    a bare 32-bit word: the counts in a code object
 *   #7b                   a bare byte
 *
 * & in front of a word makes its object one that can be referred to. */

static inline void add_word(struct pv_buffer *out, uint32_t word)
{
    for (int i = 0; i < 4; i++)
        pv_buffer_char(out, (char)(word >> (8 * i)));
}

static inline void add_bits(struct pv_buffer *out, uint64_t bits)
{
    add_word(out, (uint32_t)bits);
    add_word(out, (uint32_t)(bits >> 32));
}

static inline void add_double(struct pv_buffer *out, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    add_bits(out, bits);
}

static inline unsigned hex_byte(const char *at)
{
    char digits[3] = {at[0], at[1], 0};
    return (unsigned)strtoul(digits, NULL, 16);
}

static inline void add_marshal_text(struct pv_buffer *out, const char *text, bool is_short)
{
    struct pv_buffer bytes = {0};
    for (; *text; text++) {
        if (*text == '%') {
            pv_buffer_char(&bytes, (char)hex_byte(text + 1));
            text += 2;
        } else {
            pv_buffer_char(&bytes, *text == '+' ? ' ' : *text);
        }
    }
    if (is_short)
        pv_buffer_char(out, (char)bytes.size);
    else
        add_word(out, (uint32_t)bytes.size);
    pv_buffer_add(out, pv_buffer_text(&bytes));
    pv_buffer_free(&bytes);
}

static inline void add_textual(struct pv_buffer *out, const char *number, size_t size)
{
    pv_buffer_char(out, (char)size);
    pv_buffer_add(out, (struct pv_text){number, size});
}

static inline void add_long(struct pv_buffer *out, const char *word)
{
    char *rest;
    add_word(out, (uint32_t)strtol(word, &rest, 10));
    while (*rest) {
        unsigned long digit = strtoul(rest + 1, &rest, 16);
        pv_buffer_char(out, (char)digit);
        pv_buffer_char(out, (char)(digit >> 8));
    }
}

static inline void add_object(struct pv_buffer *out, const char *word)
{
    unsigned flag = *word == '&' ? 0x80 : 0;
    word += flag != 0;
    const char *rest = word + 1, *comma = strchr(word, ',');
    bool is_long_tuple = strncmp(word, "((", 2) == 0;
    char type = (char)(*word == '(' && !is_long_tuple ? ')' : *word);
    if (type == '#' || type == 'w') {
        if (type == '#')
            pv_buffer_char(out, (char)hex_byte(rest));
        else
            add_word(out, (uint32_t)strtol(rest, NULL, 10));
        return;
    }
    pv_buffer_char(out, (char)((unsigned)type | flag));
    if (type == ')')
        pv_buffer_char(out, (char)strtol(rest, NULL, 10));
    else if (strchr("([<>irR", type))
        add_word(out, (uint32_t)strtol(rest + is_long_tuple, NULL, 10));
    else if (type == 'I')
        add_bits(out, (uint64_t)strtoll(rest, NULL, 10));
    else if (type == 'g')
        add_double(out, strtod(rest, NULL));
    else if (type == 'y')
        add_bits(out, 0), add_bits(out, 0);
    else if (type == 'l')
        add_long(out, rest);
    else if (type == 'f' || (type == 'x' && !comma))
        add_textual(out, rest, strlen(rest));
    else if (type == 'x')
        add_textual(out, rest, (size_t)(comma - rest)),
            add_textual(out, comma + 1, strlen(comma + 1));
    else if (strchr("zZ", type))
        add_marshal_text(out, rest + 1, true);
    else if (strchr("saAtu", type))
        add_marshal_text(out, rest + 1, false);
}

/* The bytes of a program; to be freed. */
static inline struct pv_buffer marshal_bytes(const char *program)
{
    struct pv_buffer out = {0};
    struct pv_text rest = pv_text_of(program), word;
    pv_buffer_reserve(&out, 1);
    while (pv_text_word(&rest, &word)) {
        char text[256];
        assert_true(word.size < sizeof text);
        memcpy(text, word.data, word.size);
        text[word.size] = 0;
        add_object(&out, text);
    }
    return out;
}

#endif
