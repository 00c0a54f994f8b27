#include "model/output.h"

#include "model/codec.h"
#include "model/number.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 1 << 16, MOST_TEMPORARIES = 64, NAME_TRIES = 1000, MOST_LINKS = 40 };

struct pv_output {
    const char *path; /* as the user gave it; NULL in memory */
    char *target;     /* what the temporary file becomes; NULL where written in place */
    char *temporary;
    int fd, slot; /* -1 in memory; of `temporaries` */
    struct pv_buffer buffer, packed;
    struct pv_gzip *gzip;
    bool is_failed, is_closed_pipe;
    struct pv_error error;
};

/* The named exception to "no mutable file-scope variable": a signal handler has no arguments. */
static char *volatile temporaries[MOST_TEMPORARIES];

void pv_output_remove_temporaries(void)
{
    for (int i = 0; i < MOST_TEMPORARIES; i++)
        if (temporaries[i])
            unlink(temporaries[i]);
}

static int free_slot(void)
{
    int slot = 0;
    while (slot < MOST_TEMPORARIES && temporaries[slot])
        slot++;
    return slot;
}

static void fail(struct pv_output *output, struct pv_error why)
{
    if (output->is_failed)
        return;
    output->is_failed = true;
    output->error = why;
}

static struct pv_where place(const char *path)
{
    return (struct pv_where){.source = path};
}

static void fail_write(struct pv_output *output, int number)
{
    struct pv_error err;
    const char *hint =
        number == ENOSPC || number == EDQUOT ? "; free some space or write elsewhere" : "";
    pv_fail(&err, PV_OUTPUT_FAILED, place(output->path), "cannot write: %s%s", strerror(number),
            hint);
    fail(output, err);
}

bool pv_output_is_wanted(const struct pv_output *output)
{
    return !output->is_failed && !output->is_closed_pipe;
}

static void write_all(struct pv_output *output, struct pv_text bytes)
{
    while (bytes.size && pv_output_is_wanted(output)) {
        ssize_t size = write(output->fd, bytes.data, bytes.size);
        if (size >= 0)
            bytes = pv_text_slice(bytes, (size_t)size, bytes.size);
        else if (errno == EPIPE && !output->target)
            output->is_closed_pipe = true;
        else if (errno != EINTR)
            fail_write(output, errno);
    }
}

static void put(struct pv_output *output, struct pv_text bytes)
{
    if (!output->gzip) {
        write_all(output, bytes);
        return;
    }
    pv_gzip_add(output->gzip, bytes, &output->packed);
    write_all(output, pv_buffer_text(&output->packed));
    output->packed.size = 0;
}

static void flush(struct pv_output *output)
{
    if (output->fd < 0)
        return;
    put(output, pv_buffer_text(&output->buffer));
    output->buffer.size = 0;
}

void pv_output_add(struct pv_output *output, struct pv_text bytes)
{
    if (output->fd >= 0 && output->buffer.size + bytes.size > BLOCK)
        flush(output);
    if (output->fd >= 0 && bytes.size >= BLOCK)
        put(output, bytes);
    else
        pv_buffer_add(&output->buffer, bytes);
}

void pv_output_char(struct pv_output *output, char byte)
{
    pv_output_add(output, (struct pv_text){&byte, 1});
}

void pv_output_string(struct pv_output *output, const char *text)
{
    pv_output_add(output, pv_text_of(text));
}

void pv_output_int(struct pv_output *output, int64_t value)
{
    char digits[PV_NUMBER_SIZE];
    pv_output_add(output, (struct pv_text){digits, pv_print_int64(digits, value)});
}

void pv_output_fixed(struct pv_output *output, double value, unsigned digits)
{
    char text[PV_NUMBER_SIZE];
    pv_output_add(output, (struct pv_text){text, pv_print_fixed(text, value, digits)});
}

struct pv_output *pv_output_memory(void)
{
    struct pv_output *output = pv_zalloc(1, sizeof *output);
    output->fd = output->slot = -1;
    return output;
}

struct pv_text pv_output_bytes(const struct pv_output *output)
{
    return pv_buffer_text(&output->buffer);
}

/* The descriptor that a name stands for ("-", /dev/stdout, /dev/fd/3, …), or -1: opening these
 * names anew would start at the front of a file that stdout was redirected to. */
static int named_descriptor(const char *path)
{
    int64_t number;
    struct pv_text text = pv_text_of(path);
    if (strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0)
        return STDOUT_FILENO;
    if (strcmp(path, "/dev/stderr") == 0)
        return STDERR_FILENO;
    bool is_number = pv_text_starts(text, PV_TEXT("/dev/fd/")) &&
                     pv_parse_int64(pv_text_slice(text, 8, text.size), &number);
    return is_number && number >= 0 && number < 1 << 20 ? (int)number : -1;
}

static bool is_device_name(const char *path)
{
    struct pv_text text = pv_text_of(path);
    return pv_text_starts(text, PV_TEXT("/dev/")) && !pv_text_starts(text, PV_TEXT("/dev/shm/"));
}

static bool open_in_place(struct pv_output *output, struct pv_error *err)
{
    int known = named_descriptor(output->path);
    output->fd = known >= 0 ? fcntl(known, F_DUPFD_CLOEXEC, 0)
                            : open(output->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (output->fd < 0)
        return pv_fail(err, PV_OUTPUT_FAILED, place(output->path), "cannot open for writing: %s",
                       strerror(errno));
    return true;
}

/* ".profviz-PID-N" in the target's folder: short enough wherever the target's name is. */
static char *temporary_name(const char *target, unsigned number)
{
    const char *slash = strrchr(target, '/');
    size_t folder = slash ? (size_t)(slash - target) + 1 : 0, size = folder + 64;
    char *name = pv_alloc(size);
    snprintf(name, size, "%.*s.profviz-%ld-%u", (int)folder, target, (long)getpid(), number);
    return name;
}

/* Creates the file and notes its name at once: no signal may come between the two. */
static void create_temporary(struct pv_output *output, mode_t mode)
{
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    for (unsigned i = 0; i < NAME_TRIES && output->fd < 0; i++) {
        free(output->temporary);
        output->temporary = temporary_name(output->target, i);
        output->fd = open(output->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (output->fd < 0 && errno != EEXIST)
            break;
    }
    int number = errno;
    if (output->fd >= 0)
        temporaries[output->slot] = output->temporary;
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = number;
}

static bool open_beside(struct pv_output *output, const struct stat *old, struct pv_error *err)
{
    output->slot = free_slot();
    if (output->slot == MOST_TEMPORARIES)
        return pv_fail(err, PV_OUTPUT_FAILED, place(output->path),
                       "cannot write: more than %d outputs are open at once", MOST_TEMPORARIES);
    pv_oom_hook(pv_output_remove_temporaries);
    create_temporary(output, old ? S_IRUSR | S_IWUSR : 0666);
    if (output->fd < 0)
        return pv_fail(err, PV_OUTPUT_FAILED, place(output->path),
                       "cannot write a temporary file beside it: %s", strerror(errno));
    /* Only root may give a file away; the owner's own rights follow in any case. */
    bool is_foreign = old && (old->st_uid != geteuid() || old->st_gid != getegid());
    if (is_foreign && fchown(output->fd, old->st_uid, old->st_gid) != 0)
        errno = 0;
    if (old && fchmod(output->fd, old->st_mode & 0777) != 0)
        return pv_fail(err, PV_OUTPUT_FAILED, place(output->path),
                       "cannot keep its permissions: %s", strerror(errno));
    return true;
}

/* `name` in the folder of `path`, or alone where it starts at the root. */
static char *in_folder_of(const char *path, struct pv_text name)
{
    const char *slash = strrchr(path, '/');
    size_t folder = slash && name.size && name.data[0] != '/' ? (size_t)(slash - path) + 1 : 0;
    char *joined = pv_alloc(folder + name.size + 1);
    memcpy(joined, path, folder);
    memcpy(joined + folder, name.data, name.size);
    joined[folder + name.size] = '\0';
    return joined;
}

/* The place that symbolic links lead to, so that the links stay; else the path itself. NULL: they
 * go round in a circle. */
static char *resolve(const char *path)
{
    enum { longest = 4096 };
    char link[longest];
    char *found = in_folder_of("", pv_text_of(path));
    for (int i = 0; i < MOST_LINKS; i++) {
        ssize_t size = readlink(found, link, sizeof link);
        if (size < 0)
            return found;
        char *next = in_folder_of(found, (struct pv_text){link, (size_t)size});
        free(found);
        found = next;
    }
    free(found);
    return NULL;
}

static bool is_in_place(const char *path, const struct stat *old)
{
    return named_descriptor(path) >= 0 || is_device_name(path) || (old && !S_ISREG(old->st_mode));
}

char *pv_output_folder(const char *path)
{
    struct stat old;
    bool exists = stat(path, &old) == 0;
    char *target = is_in_place(path, exists ? &old : NULL) ? NULL : resolve(path);
    if (!target)
        return NULL;
    char *folder = in_folder_of(target, PV_TEXT("."));
    free(target);
    return folder;
}

static bool open_file(struct pv_output *output, struct pv_error *err)
{
    struct stat old;
    struct pv_where where = place(output->path);
    if (output->path[0] == '\0')
        return pv_fail(err, PV_OUTPUT_FAILED, where, "the output's name is empty");
    bool exists = stat(output->path, &old) == 0;
    if (exists && S_ISDIR(old.st_mode))
        return pv_fail(err, PV_OUTPUT_FAILED, where,
                       "is a directory; name a file in it, as in -o %s/flame.svg", output->path);
    if (is_in_place(output->path, exists ? &old : NULL))
        return open_in_place(output, err);
    if (exists && access(output->path, W_OK) != 0)
        return pv_fail(err, PV_OUTPUT_FAILED, where, "cannot be overwritten: %s", strerror(errno));
    output->target = resolve(output->path);
    if (!output->target)
        return pv_fail(err, PV_OUTPUT_FAILED, where,
                       "is a symbolic link that leads round in a circle");
    return open_beside(output, exists ? &old : NULL, err);
}

bool pv_output_open(struct pv_output **out, const char *path,
                    const struct pv_output_options *options, struct pv_error *err)
{
    struct pv_output *output = pv_output_memory();
    output->path = path;
    if (!open_file(output, err)) {
        pv_output_close(output);
        return false;
    }
    if (options && options->is_gzip)
        output->gzip = pv_gzip_new(PV_GZIP_SMALL);
    *out = output;
    return true;
}

/* Removes or forgets the temporary file; unlinking first, so that a signal finds nothing amiss. */
static void drop_temporary(struct pv_output *output, bool is_renamed)
{
    if (!output->temporary)
        return;
    if (temporaries[output->slot] == output->temporary) {
        if (!is_renamed)
            unlink(output->temporary);
        temporaries[output->slot] = NULL;
    }
    free(output->temporary);
    output->temporary = NULL;
}

static void finish_file(struct pv_output *output)
{
    if (output->gzip && pv_output_is_wanted(output)) {
        pv_gzip_finish(output->gzip, &output->packed);
        write_all(output, pv_buffer_text(&output->packed));
    }
    /* Some file systems report a full disk only here. */
    if (close(output->fd) != 0 && errno != EINTR && pv_output_is_wanted(output))
        fail_write(output, errno);
    output->fd = -1;
    bool is_renamed =
        output->target && !output->is_failed && rename(output->temporary, output->target) == 0;
    if (output->target && !output->is_failed && !is_renamed)
        fail_write(output, errno);
    drop_temporary(output, is_renamed);
}

bool pv_output_commit(struct pv_output *output, bool *is_closed_pipe, struct pv_error *err)
{
    if (output->fd >= 0) {
        flush(output);
        finish_file(output);
    }
    if (is_closed_pipe)
        *is_closed_pipe = output->is_closed_pipe;
    if (output->is_failed)
        *err = output->error;
    return !output->is_failed;
}

void pv_output_close(struct pv_output *output)
{
    if (!output)
        return;
    if (output->fd >= 0)
        close(output->fd);
    drop_temporary(output, false);
    pv_gzip_free(output->gzip);
    pv_buffer_free(&output->buffer);
    pv_buffer_free(&output->packed);
    free(output->target);
    free(output);
}
