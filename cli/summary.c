#include "cli/summary.h"

#include "model/error.h"
#include "model/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct pv_summary {
    int file;
    const char *path;
};

static bool fail(const char *path, struct pv_error *err)
{
    return pv_fail(err, PV_OUTPUT_FAILED, (struct pv_where){.source = path},
                   "the summary cannot be written: %s", strerror(errno));
}

bool pv_summary_open(struct pv_summary **out, struct pv_text path, struct pv_error *err)
{
    if (path.size == 0)
        return true;
    int file = open(path.data, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (file < 0)
        return fail(path.data, err);
    *out = pv_zalloc(1, sizeof **out);
    **out = (struct pv_summary){file, path.data};
    return true;
}

static void add_short(const struct pv_gate_report *report, struct pv_output *output)
{
    struct pv_buffer words = {0};
    pv_gate_add_sum(&words, report);
    pv_buffer_add(&words, PV_TEXT("\n"));
    pv_output_add(output, pv_buffer_text(&words));
    pv_buffer_free(&words);
}

/* How much of it was written; less than all on a failure, which errno tells. */
static size_t write_bytes(int file, struct pv_text bytes)
{
    size_t done = 0;
    while (done < bytes.size) {
        ssize_t written = write(file, bytes.data + done, bytes.size - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            break;
        done += (size_t)written;
    }
    return done;
}

/* All or nothing: the beginning of a summary is taken back, unless somebody has added to the file
 * meanwhile. */
static bool append(const struct pv_summary *summary, struct pv_text bytes, struct pv_error *err)
{
    struct stat before, after;
    bool is_file = fstat(summary->file, &before) == 0 && S_ISREG(before.st_mode);
    size_t done = write_bytes(summary->file, bytes);
    if (done == bytes.size)
        return true;
    fail(summary->path, err);
    if (is_file && fstat(summary->file, &after) == 0 &&
        after.st_size == before.st_size + (off_t)done)
        (void)!ftruncate(summary->file, before.st_size);
    return false;
}

bool pv_summary_write(struct pv_summary *summary, const struct pv_gate_report *report,
                      struct pv_text input, struct pv_error *err)
{
    struct stat state;
    if (!summary)
        return true;
    struct pv_output *output = pv_output_memory();
    pv_gate_write_markdown(report, input, output);
    bool is_full = fstat(summary->file, &state) == 0 && S_ISREG(state.st_mode) &&
                   (uint64_t)state.st_size + pv_output_bytes(output).size > PV_GATE_SUMMARY;
    if (is_full) {
        pv_output_close(output);
        output = pv_output_memory();
        add_short(report, output);
    }
    bool is_fine = append(summary, pv_output_bytes(output), err);
    pv_output_close(output);
    return is_fine;
}

void pv_summary_close(struct pv_summary *summary)
{
    if (!summary)
        return;
    close(summary->file);
    free(summary);
}
