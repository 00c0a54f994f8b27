#include "cli/report.h"

#include "model/escape.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

const char *pv_report_source(const char *source)
{
    return strcmp(source, "-") == 0 ? "stdin" : source;
}

/* In one write, so that lines of several processes do not mix. */
static void say(struct pv_buffer *line)
{
    pv_buffer_char(line, '\n');
    size_t done = 0;
    while (done < line->size) {
        ssize_t written = write(STDERR_FILENO, line->data + done, line->size - done);
        if (written <= 0)
            break;
        done += (size_t)written;
    }
    pv_buffer_free(line);
}

static void begin(struct pv_buffer *line, struct pv_where where)
{
    pv_buffer_print(line, "profviz: ");
    if (!where.source)
        return;
    pv_escape(line, PV_ESCAPE_DISPLAY, pv_text_of(pv_report_source(where.source)));
    if (where.line)
        pv_buffer_print(line, ":%llu", (unsigned long long)where.line);
    else if (where.offset)
        pv_buffer_print(line, ": byte %llu", (unsigned long long)where.offset);
    pv_buffer_print(line, ": ");
}

static void say_shown(struct pv_where where, struct pv_text message)
{
    struct pv_buffer line = {0};
    begin(&line, where);
    pv_buffer_add(&line, message);
    say(&line);
}

static void say_message(struct pv_where where, struct pv_text message)
{
    struct pv_buffer line = {0};
    begin(&line, where);
    pv_escape(&line, PV_ESCAPE_DISPLAY, message);
    say(&line);
}

void pv_report_error(const struct pv_error *err)
{
    say_message(err->where, pv_text_of(err->message));
}

void pv_report_warning(const struct pv_report *report, struct pv_where where,
                       struct pv_text message)
{
    if (!report->is_quiet)
        say_message(where, message);
}

void pv_report_lines(const struct pv_report *report, struct pv_where where, struct pv_text messages)
{
    struct pv_text line;
    while (pv_text_split(&messages, '\n', &line))
        if (line.size && !report->is_quiet)
            say_shown(where, line);
}

void pv_report_detail(const struct pv_report *report, const char *format, ...)
{
    if (!report->is_verbose)
        return;
    char message[512];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    say_message((struct pv_where){0}, pv_text_of(message));
}
