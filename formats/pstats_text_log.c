#include "formats/pstats_text_log.h"

#include <string.h>

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Bytes of the code that the text begins with: ESC [ numbers m, or K. 0: it begins with none. */
static size_t colour_code(struct pv_text text)
{
    size_t at = 2;
    if (text.size < 3 || text.data[0] != '\x1b' || text.data[1] != '[')
        return 0;
    while (at < text.size && (is_digit(text.data[at]) || text.data[at] == ';'))
        at++;
    return at < text.size && (text.data[at] == 'm' || text.data[at] == 'K') ? at + 1 : 0;
}

struct pv_text pv_pstats_log_plain(struct pv_text line, struct pv_buffer *room)
{
    if (pv_text_find(line, '\x1b') == line.size)
        return line;
    room->size = 0;
    for (size_t at = 0; at < line.size;) {
        size_t code = colour_code(pv_text_slice(line, at, line.size));
        if (code == 0)
            pv_buffer_char(room, line.data[at]);
        at += code ? code : 1;
    }
    return pv_buffer_text(room);
}

/* Blanks of a pstats line's own before `at`; pstats never has fewer or more. */
static size_t without_blanks(struct pv_text line, size_t at, size_t most)
{
    while (most > 0 && at > 0 && line.data[at - 1] == ' ') {
        at--;
        most--;
    }
    return at;
}

/* "         13 function calls": the number, and the blanks before it that print_stats indents by.
 */
static size_t before_summary(struct pv_text line, size_t at)
{
    enum { INDENT = 9 };
    while (at > 0 && is_digit(line.data[at - 1]))
        at--;
    return without_blanks(line, at, INDENT);
}

size_t pv_pstats_log_prefix(struct pv_text line)
{
    enum { INDENT = 3 };
    size_t at = pv_text_search(line, PV_TEXT("ncalls  tottime  percall  cumtime"));
    if (at < line.size)
        return without_blanks(line, at, INDENT);
    at = pv_text_search(line, PV_TEXT(" function calls "));
    if (at < line.size)
        return before_summary(line, at);
    size_t called = pv_text_search(line, PV_TEXT("called"));
    at = called < line.size ? pv_text_search(line, PV_TEXT("Function ")) : line.size;
    return at < called ? at : 0;
}
