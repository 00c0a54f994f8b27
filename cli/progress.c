#include "cli/progress.h"

#include "cli/report.h"
#include "cli/signals.h"
#include "model/escape.h"

#include <string.h>
#include <unistd.h>

enum { FIRST_MS = 1000, AGAIN_MS = 100 };

static int64_t now_ms_since(const struct timespec *then, struct timespec *now)
{
    clock_gettime(CLOCK_MONOTONIC, now);
    return (int64_t)(now->tv_sec - then->tv_sec) * 1000 + (now->tv_nsec - then->tv_nsec) / 1000000;
}

void pv_progress_begin(struct pv_progress *progress, enum pv_when when,
                       const struct pv_terminal *terminal, const char *name)
{
    *progress = (struct pv_progress){
        .name = name,
        .is_on = when == PV_ALWAYS ||
                 (when == PV_AUTO && terminal->is_stderr_terminal && !terminal->is_dumb),
        .is_at_once = when == PV_ALWAYS,
        .columns = terminal->columns,
    };
    clock_gettime(CLOCK_MONOTONIC, &progress->begun);
    progress->shown = progress->begun;
}

static void add_bytes(struct pv_buffer *line, uint64_t bytes)
{
    char digits[PV_NUMBER_SIZE];
    int64_t value = bytes > INT64_MAX ? INT64_MAX : (int64_t)bytes;
    size_t size = pv_format_value(digits, value, PV_UNIT_BYTES, 1);
    pv_buffer_add(line, (struct pv_text){digits, size});
}

/* Bytes that a terminal cannot take for commands; cut so that the line never wraps. */
static void show(struct pv_progress *progress, struct pv_buffer *line)
{
    size_t most = progress->columns > 1 ? progress->columns - 1 : 1;
    struct pv_text rest = pv_buffer_text(line), kept = rest;
    uint32_t code_point;
    for (size_t used = 0; pv_utf8_next(&rest, &code_point);) {
        used += pv_utf8_columns(code_point);
        if (used > most)
            break;
        kept.size = line->size - rest.size;
    }
    struct pv_buffer out = {0};
    pv_buffer_print(&out, "\r%.*s\033[K", PV_TEXT_ARGS(kept));
    ssize_t written = write(STDERR_FILENO, out.data, out.size);
    progress->is_shown = written > 0;
    pv_signals_line(progress->is_shown);
    pv_buffer_free(&out);
}

/* "12.3 MiB of 40 MiB, 31 %, 120 MiB/s" */
static void add_bytes_done(struct pv_buffer *line, uint64_t done, uint64_t size, int64_t ms)
{
    add_bytes(line, done);
    if (size) {
        char share[PV_NUMBER_SIZE];
        uint64_t seen = done < size ? done : size;
        size_t length = pv_format_share(share, (int64_t)seen, (int64_t)size);
        pv_buffer_print(line, " of ");
        add_bytes(line, size);
        pv_buffer_print(line, ", %.*s", (int)length, share);
    }
    if (ms > 0) {
        pv_buffer_print(line, ", ");
        add_bytes(line, done / (uint64_t)ms * 1000);
        pv_buffer_print(line, "/s");
    }
}

bool pv_progress_step(void *context, uint64_t done, uint64_t size)
{
    struct pv_progress *progress = context;
    struct timespec now;
    if (!progress->is_on)
        return true;
    int64_t since_begin = now_ms_since(&progress->begun, &now);
    bool is_due = progress->is_shown ? now_ms_since(&progress->shown, &now) >= AGAIN_MS
                                     : progress->is_at_once || since_begin >= FIRST_MS;
    if (!is_due)
        return true;
    struct pv_buffer line = {0};
    pv_buffer_print(&line, "profviz: reading ");
    pv_escape(&line, PV_ESCAPE_DISPLAY, pv_text_of(pv_report_source(progress->name)));
    pv_buffer_print(&line, ": ");
    if (progress->counted)
        pv_buffer_print(&line, "%llu of %llu %s", (unsigned long long)done,
                        (unsigned long long)size, progress->counted);
    else
        add_bytes_done(&line, done, size, since_begin);
    show(progress, &line);
    progress->shown = now;
    pv_buffer_free(&line);
    return true;
}

void pv_progress_end(struct pv_progress *progress)
{
    static const char erase[] = "\r\033[K";
    if (!progress->is_shown)
        return;
    ssize_t written = write(STDERR_FILENO, erase, strlen(erase));
    (void)written;
    progress->is_shown = false;
    pv_signals_line(false);
}
