#include "cli/terminal.h"

#include "model/number.h"
#include "model/text.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { USUAL_COLUMNS = 80, LEAST_COLUMNS = 40, MOST_COLUMNS = 1000 };

static bool is_set(const char *name)
{
    const char *value = getenv(name);
    return value && value[0];
}

/* As the C library decides: the first of the three that is set and not empty. */
static bool is_utf8_locale(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (!is_set(names[i]))
            continue;
        struct pv_text value = pv_text_of(getenv(names[i]));
        struct pv_text charset =
            pv_text_slice(value, pv_text_find(value, '.') + 1, pv_text_find(value, '@'));
        return pv_text_distance(charset, PV_TEXT("UTF-8")) == 0 ||
               pv_text_distance(charset, PV_TEXT("UTF8")) == 0;
    }
    return false;
}

static unsigned columns_of(int descriptor)
{
    struct winsize size;
    int64_t wanted;
    if (is_set("COLUMNS") && pv_parse_int64(pv_text_of(getenv("COLUMNS")), &wanted) &&
        wanted >= LEAST_COLUMNS && wanted <= MOST_COLUMNS)
        return (unsigned)wanted;
    if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col >= LEAST_COLUMNS)
        return size.ws_col;
    return USUAL_COLUMNS;
}

void pv_terminal_init(struct pv_terminal *terminal)
{
    struct pv_text term = pv_text_of(getenv("TERM"));
    struct pv_text depth = pv_text_of(getenv("COLORTERM"));
    struct pv_text force = pv_text_of(getenv("CLICOLOR_FORCE"));
    *terminal = (struct pv_terminal){
        .is_stdin_terminal = isatty(STDIN_FILENO),
        .is_stdout_terminal = isatty(STDOUT_FILENO),
        .is_stderr_terminal = isatty(STDERR_FILENO),
        .is_dumb = term.size == 0 || pv_text_equal(term, PV_TEXT("dumb")),
        .is_ascii = !is_utf8_locale(),
        .has_true_color =
            pv_text_equal(depth, PV_TEXT("truecolor")) || pv_text_equal(depth, PV_TEXT("24bit")),
        .no_color = is_set("NO_COLOR"),
        .force_color = force.size && !pv_text_equal(force, PV_TEXT("0")),
        .source_date_epoch = getenv("SOURCE_DATE_EPOCH"),
        .columns = columns_of(STDOUT_FILENO),
    };
}
