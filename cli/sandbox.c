#include "cli/sandbox.h"

#include "cli/sources.h"
#include "render/font_places.h"

#include <string.h>

#if defined __linux__ && __has_include(<linux/landlock.h>)

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Rights that came after the first version of the interface; older headers do not name them. */
enum {
    FS_FIRST = (1 << 13) - 1,
    FS_REFER = 1 << 13,
    FS_TRUNCATE = 1 << 14,
    FS_IOCTL_DEVICE = 1 << 15,
    NET_BIND = 1,
    NET_CONNECT = 2,
    SCOPE_ABSTRACT_SOCKET = 1,
    SCOPE_SIGNAL = 2,
};

/* As struct landlock_ruleset_attr has grown; older kernels take it while what they do not know is
 * zero. */
struct rights {
    uint64_t fs, net, scoped;
};

static const struct {
    long abi;
    struct rights rights;
} since[] = {
    {1, {.fs = FS_FIRST}},        {2, {.fs = FS_REFER}},
    {3, {.fs = FS_TRUNCATE}},     {4, {.net = NET_BIND | NET_CONNECT}},
    {5, {.fs = FS_IOCTL_DEVICE}}, {6, {.scoped = SCOPE_ABSTRACT_SOCKET | SCOPE_SIGNAL}},
};

enum {
    READ = LANDLOCK_ACCESS_FS_READ_FILE,
    LIST = LANDLOCK_ACCESS_FS_READ_DIR,
    WRITE = LANDLOCK_ACCESS_FS_WRITE_FILE,
    REPLACE = LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE,
};

struct cage {
    struct rights denied; /* unless a rule allows it */
    int rules, error;     /* descriptor; the first errno, or 0 */
};

static void note_error(struct cage *cage, bool is_fine)
{
    if (!is_fine && !cage->error)
        cage->error = errno;
}

/* One set of rights where the path leads to a file, and one where it leads to a folder: they go for
 * all that is in it. What cannot be reached cannot be opened later, so it needs no rule. */
static void allow(struct cage *cage, const char *path, uint64_t of_file, uint64_t of_folder)
{
    struct stat info;
    struct landlock_path_beneath_attr rule = {.parent_fd = open(path, O_PATH | O_CLOEXEC)};
    if (rule.parent_fd < 0)
        return;
    bool is_known = fstat(rule.parent_fd, &info) == 0;
    rule.allowed_access =
        (is_known && S_ISDIR(info.st_mode) ? of_folder : of_file) & cage->denied.fs;
    /* EBADFD: a pipe that is reached by a name, as in <(command); no rule can forbid it either. */
    if (rule.allowed_access)
        note_error(cage, syscall(SYS_landlock_add_rule, cage->rules, LANDLOCK_RULE_PATH_BENEATH,
                                 &rule, 0) == 0 ||
                             errno == EBADFD);
    close(rule.parent_fd);
}

static void allow_font(void *context, const char *path)
{
    allow(context, path, READ, READ | LIST);
}

static void allow_source(void *context, const char *folder)
{
    allow(context, folder, READ, READ);
}

static void allow_output(struct cage *cage, const struct pv_target *target)
{
    char *folder = pv_output_folder(target->path);
    if (folder)
        allow(cage, folder, 0, WRITE | REPLACE);
    else if (strcmp(target->path, "-") != 0)
        allow(cage, target->path, WRITE, 0);
    free(folder);
}

/* A database and the journal that comes and goes beside it; SQLite makes sure of the folder, too.
 */
static void allow_database(struct cage *cage, struct pv_text path)
{
    struct pv_buffer folder = {0};
    size_t slash = pv_text_find_last(path, '/');
    pv_buffer_add(&folder, pv_text_slice(path, 0, slash < path.size ? slash + 1 : 0));
    pv_buffer_add(&folder, (struct pv_text){".", sizeof "."});
    allow(cage, folder.data, 0, READ | LIST | WRITE | REPLACE | FS_TRUNCATE);
    pv_buffer_free(&folder);
}

/* A sanitizer's last words need /proc, the program's file and a program that names its places. */
static void allow_sanitizer(struct cage *cage)
{
#if defined __has_feature
#if __has_feature(address_sanitizer)
#define HAS_SANITIZER 1
#endif
#endif
#if defined __SANITIZE_ADDRESS__ || defined HAS_SANITIZER
    allow(cage, "/", 0, READ | LIST | LANDLOCK_ACCESS_FS_EXECUTE);
#else
    (void)cage;
#endif
}

static void allow_all(struct cage *cage, const struct pv_call *call, const struct pv_target *target)
{
    const struct pv_settings *settings = call->settings;
    /* The child that places a graph has it for its streams. */
    allow(cage, "/dev/null", READ | WRITE, 0);
    for (size_t i = 0; i < settings->input_count; i++)
        if (strcmp(settings->inputs[i], "-") != 0)
            allow(cage, settings->inputs[i], READ, LIST);
    if (settings->trace_format.size)
        allow(cage, settings->trace_format.data, READ, 0);
    if (call->reads_sources)
        pv_sources_folders(settings->source_path, allow_source, cage);
    if (settings->database.size)
        allow_database(cage, settings->database);
    allow_output(cage, target);
    if (target->kind == PV_TARGET_PICTURE && target->backend->needs_fonts)
        pv_font_places(allow_font, cage);
    allow_sanitizer(cage);
}

static struct rights rights_of(long abi)
{
    struct rights all = {0};
    for (size_t i = 0; i < sizeof since / sizeof since[0]; i++) {
        bool is_there = since[i].abi <= abi;
        all.fs |= is_there ? since[i].rights.fs : 0;
        all.net |= is_there ? since[i].rights.net : 0;
        all.scoped |= is_there ? since[i].rights.scoped : 0;
    }
    return all;
}

/* Half a set of rules would keep the program from its own work: with any error there is none. */
static int restrict_process(long abi, const struct pv_call *call, const struct pv_target *target)
{
    struct cage cage = {.denied = rights_of(abi)};
    cage.rules = (int)syscall(SYS_landlock_create_ruleset, &cage.denied, sizeof cage.denied, 0);
    if (cage.rules < 0)
        return errno;
    allow_all(&cage, call, target);
    if (!cage.error)
        note_error(&cage, prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) == 0);
    if (!cage.error)
        note_error(&cage, syscall(SYS_landlock_restrict_self, cage.rules, 0) == 0);
    close(cage.rules);
    return cage.error;
}

void pv_sandbox_enter(const struct pv_call *call, const struct pv_target *target)
{
    if (call->settings->has_no_sandbox) {
        pv_report_detail(call->report, "sandbox: off, as --no-sandbox says");
        return;
    }
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    int number = abi < 1 ? 0 : restrict_process(abi, call, target);
    if (abi < 1)
        pv_report_detail(call->report, "sandbox: not available on this kernel (Landlock)");
    else if (number)
        pv_report_detail(call->report, "sandbox: off, Landlock refused: %s", strerror(number));
    else
        pv_report_detail(call->report, "sandbox: Landlock ABI %ld", abi);
}

#else

void pv_sandbox_enter(const struct pv_call *call, const struct pv_target *target)
{
    (void)target;
    pv_report_detail(call->report, call->settings->has_no_sandbox
                                       ? "sandbox: off, as --no-sandbox says"
                                       : "sandbox: not available on this system (Landlock)");
}

#endif
