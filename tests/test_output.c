#include "model/output.h"

#include "model/codec.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* A folder of its own for each test. */
static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    memcpy(folder, "/tmp/profviz-test-XXXXXX", 25);
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char path[512];
    DIR *listing = opendir(folder);
    for (struct dirent *entry; listing && (entry = readdir(listing));) {
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        unlink(path);
    }
    if (listing)
        closedir(listing);
    return rmdir(folder);
}

static const char *at(const char *name, char *path)
{
    snprintf(path, 256, "%s/%s", folder, name);
    return path;
}

static void make(const char *name, const char *content, mode_t mode)
{
    char path[256];
    int fd = open(at(name, path), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, content, strlen(content)), (ssize_t)strlen(content));
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static size_t content_of(const char *name, char *bytes, size_t room)
{
    char path[256];
    int fd = open(at(name, path), O_RDONLY);
    if (fd < 0)
        return SIZE_MAX;
    ssize_t size = read(fd, bytes, room - 1);
    close(fd);
    bytes[size] = 0;
    return (size_t)size;
}

static void assert_content(const char *name, const char *wanted)
{
    char bytes[256];
    assert_int_equal(content_of(name, bytes, sizeof bytes), strlen(wanted));
    assert_string_equal(bytes, wanted);
}

static int files(void)
{
    int count = 0;
    DIR *listing = opendir(folder);
    for (struct dirent *entry; (entry = readdir(listing));)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(listing);
    return count;
}

static mode_t mode_of(const char *name)
{
    struct stat found;
    char path[256];
    assert_int_equal(stat(at(name, path), &found), 0);
    return found.st_mode & 07777;
}

static void memory_holds_what_was_written(void **state)
{
    (void)state;
    struct pv_error err;
    struct pv_output *output = pv_output_memory();
    pv_output_string(output, "a=");
    pv_output_int(output, INT64_MIN);
    pv_output_char(output, ' ');
    pv_output_fixed(output, 2.50, 3);
    pv_output_add(output, (struct pv_text){"\0z", 2});
    struct pv_text bytes = pv_output_bytes(output);
    assert_int_equal(bytes.size, 28);
    assert_memory_equal(bytes.data, "a=-9223372036854775808 2.5\0z", 28);
    assert_true(pv_output_commit(output, NULL, &err));
    pv_output_close(output);
}

static void a_new_file_appears_on_commit(void **state)
{
    (void)state;
    char path[256];
    struct pv_error err;
    struct pv_output *output;
    mode_t old = umask(027);
    assert_true(pv_output_open(&output, at("new.txt", path), NULL, &err));
    umask(old);
    pv_output_string(output, "hello");
    assert_int_not_equal(access(path, F_OK), 0);
    assert_true(pv_output_commit(output, NULL, &err));
    pv_output_close(output);
    assert_content("new.txt", "hello");
    assert_int_equal(mode_of("new.txt"), 0640);
    assert_int_equal(files(), 1);
}

static void an_old_file_stands_until_commit(void **state)
{
    (void)state;
    char path[256];
    struct pv_error err = {0};
    struct pv_output *output;
    make("old.txt", "old", 0604);
    assert_true(pv_output_open(&output, at("old.txt", path), NULL, &err));
    pv_output_string(output, "half");
    pv_output_close(output);
    assert_content("old.txt", "old");
    assert_int_equal(files(), 1);
    assert_true(pv_output_open(&output, path, NULL, &err));
    pv_output_string(output, "new");
    assert_true(pv_output_commit(output, NULL, &err));
    pv_output_close(output);
    assert_content("old.txt", "new");
    assert_int_equal(mode_of("old.txt"), 0604);
    assert_int_equal(files(), 1);
}

static void a_link_stays_a_link(void **state)
{
    (void)state;
    char link[256], target[256];
    struct stat found;
    struct pv_error err;
    struct pv_output *output;
    make("real.txt", "old", 0600);
    assert_int_equal(symlink(at("real.txt", target), at("link", link)), 0);
    assert_true(pv_output_open(&output, link, NULL, &err));
    pv_output_string(output, "new");
    assert_true(pv_output_commit(output, NULL, &err));
    pv_output_close(output);
    assert_content("real.txt", "new");
    assert_int_equal(lstat(link, &found), 0);
    assert_true(S_ISLNK(found.st_mode));
    assert_int_equal(unlink(link), 0);
    assert_int_equal(symlink("fresh.txt", link), 0);
    assert_true(pv_output_open(&output, link, NULL, &err));
    pv_output_string(output, "made");
    assert_true(pv_output_commit(output, NULL, &err));
    pv_output_close(output);
    assert_content("fresh.txt", "made");
}

static void folders_are_where_links_lead(void **state)
{
    (void)state;
    static const struct {
        const char *label, *path, *folder;
    } rows[] = {
        {"stdout", "-", NULL},
        {"a device", "/dev/null", NULL},
        {"a descriptor", "/dev/fd/1", NULL},
        {"a plain name", "flame.svg", "."},
        {"at the root", "/flame.svg", "/."},
        {"a folder that is not there", "none/flame.svg", "none/."},
        {"a link", "LINK", "/tmp/."},
        {"a link in a circle", "CIRCLE", NULL},
    };
    char link[256], circle[256];
    assert_int_equal(symlink("/tmp/none.svg", at("link", link)), 0);
    assert_int_equal(symlink("circle", at("circle", circle)), 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *path = strcmp(rows[i].path, "LINK") == 0     ? link
                           : strcmp(rows[i].path, "CIRCLE") == 0 ? circle
                                                                 : rows[i].path;
        char *found = pv_output_folder(path);
        bool is_same = found && rows[i].folder ? strcmp(found, rows[i].folder) == 0
                                               : !found && !rows[i].folder;
        if (!is_same)
            fail_msg("%s: %s", rows[i].label, found ? found : "none");
        free(found);
    }
}

static void bad_targets_are_refused(void **state)
{
    static const struct {
        const char *name, *says;
    } rows[] = {
        {"", "is a directory"},
        {"no/such/folder.svg", "No such file"},
        {"circle", "leads round in a circle"},
        {"file/below", "Not a directory"},
    };
    (void)state;
    char path[256];
    struct pv_error err;
    struct pv_output *output = NULL;
    make("file", "", 0600);
    assert_int_equal(symlink("circle", at("circle", path)), 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_false(pv_output_open(&output, at(rows[i].name, path), NULL, &err));
        print_message("%s\n", err.message);
        assert_non_null(strstr(err.message, rows[i].says));
        assert_int_equal(err.code, PV_OUTPUT_FAILED);
        assert_string_equal(err.where.source, path);
    }
    assert_false(pv_output_open(&output, "", NULL, &err));
    assert_null(output);
    assert_int_equal(files(), 2);
}

static void a_read_only_file_is_not_replaced(void **state)
{
    (void)state;
    char path[256];
    struct pv_error err;
    struct pv_output *output;
    make("locked.txt", "old", 0400);
    if (geteuid() == 0) {
        print_message("skipped: root may write everywhere\n");
        return;
    }
    assert_false(pv_output_open(&output, at("locked.txt", path), NULL, &err));
    assert_content("locked.txt", "old");
}

static void a_full_disk_is_told(void **state)
{
    (void)state;
    if (access("/dev/full", W_OK) != 0) {
        print_message("skipped: this system has no /dev/full\n");
        return;
    }
    for (size_t size = 1; size <= 200000; size += 199999) {
        struct pv_error err;
        struct pv_output *output;
        char *bytes = calloc(1, size);
        assert_true(pv_output_open(&output, "/dev/full", NULL, &err));
        pv_output_add(output, (struct pv_text){bytes, size});
        assert_false(pv_output_commit(output, NULL, &err));
        assert_non_null(strstr(err.message, "No space left"));
        assert_string_equal(err.where.source, "/dev/full");
        pv_output_close(output);
        free(bytes);
    }
}

static void a_closed_pipe_is_no_failure(void **state)
{
    (void)state;
    int ends[2];
    char name[64];
    bool is_closed = false;
    struct pv_error err;
    struct pv_output *output;
    signal(SIGPIPE, SIG_IGN);
    assert_int_equal(pipe(ends), 0);
    snprintf(name, sizeof name, "/dev/fd/%d", ends[1]);
    assert_true(pv_output_open(&output, name, NULL, &err));
    close(ends[1]);
    close(ends[0]);
    for (int i = 0; i < 100000; i++)
        pv_output_string(output, "nobody reads this\n");
    assert_false(pv_output_is_wanted(output));
    assert_true(pv_output_commit(output, &is_closed, &err));
    assert_true(is_closed);
    pv_output_close(output);
}

static void descriptors_go_on_where_they_are(void **state)
{
    (void)state;
    char path[256], name[64];
    struct pv_error err;
    struct pv_output *output;
    int fd = open(at("log", path), O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(fd, "before ", 7), 7);
    snprintf(name, sizeof name, "/dev/fd/%d", fd);
    assert_true(pv_output_open(&output, name, NULL, &err));
    pv_output_string(output, "after");
    assert_true(pv_output_commit(output, NULL, &err));
    pv_output_close(output);
    close(fd);
    assert_content("log", "before after");
}

static void a_fifo_is_written_in_place(void **state)
{
    (void)state;
    char path[256], bytes[16] = {0};
    struct pv_error err;
    struct pv_output *output;
    assert_int_equal(mkfifo(at("fifo", path), 0600), 0);
    pid_t child = fork();
    if (child == 0) {
        int fd = open(path, O_RDONLY);
        ssize_t size = read(fd, bytes, sizeof bytes);
        _exit(size == 5 && memcmp(bytes, "hello", 5) == 0 ? 0 : 1);
    }
    assert_true(pv_output_open(&output, path, NULL, &err));
    pv_output_string(output, "hello");
    assert_true(pv_output_commit(output, NULL, &err));
    pv_output_close(output);
    int status = 1;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    assert_int_equal(files(), 1);
}

static void on_signal(int number)
{
    (void)number;
    pv_output_remove_temporaries();
    _exit(7);
}

static void a_signal_leaves_nothing(void **state)
{
    (void)state;
    char path[256];
    int status = 0;
    make("old.txt", "old", 0600);
    at("old.txt", path);
    pid_t child = fork();
    if (child == 0) {
        struct pv_error err;
        struct pv_output *output = NULL;
        signal(SIGTERM, on_signal);
        if (!pv_output_open(&output, path, NULL, &err) || files() != 2)
            _exit(1);
        pv_output_string(output, "half");
        raise(SIGTERM);
        _exit(2);
    }
    waitpid(child, &status, 0);
    assert_int_equal(WEXITSTATUS(status), 7);
    assert_int_equal(files(), 1);
    assert_content("old.txt", "old");
}

static size_t write_packed(const char *name, const char *text, int times, char *bytes, size_t room)
{
    char path[256];
    struct pv_error err;
    struct pv_output *output;
    struct pv_output_options options = {.is_gzip = true};
    assert_true(pv_output_open(&output, at(name, path), &options, &err));
    for (int i = 0; i < times; i++)
        pv_output_string(output, text);
    assert_true(pv_output_commit(output, NULL, &err));
    pv_output_close(output);
    return content_of(name, bytes, room);
}

static void gzip_bytes_are_the_same_each_time(void **state)
{
    (void)state;
    char first[4096], second[4096], plain[64];
    size_t size = write_packed("a.gz", "line of text\n", 30000, first, sizeof first);
    assert_int_equal(write_packed("b.gz", "line of text\n", 30000, second, sizeof second), size);
    assert_memory_equal(first, second, size);
    assert_memory_equal(first + 4, "\0\0\0\0", 4);
    size = write_packed("c.gz", "hello", 1, first, sizeof first);
    struct pv_codec *codec = pv_codec_new(PV_GZIP);
    struct pv_codec_step step = {
        .in = {first, size}, .is_last = true, .out = plain, .room = sizeof plain};
    assert_int_equal(pv_codec_run(codec, &step), PV_CODEC_END);
    assert_int_equal(step.made, 5);
    assert_memory_equal(plain, "hello", 5);
    pv_codec_free(codec);
}

static void many_outputs_at_once_have_a_limit(void **state)
{
    (void)state;
    struct pv_output *outputs[65] = {0};
    char paths[65][256];
    struct pv_error err;
    int open_count = 0;
    for (int i = 0; i < 65; i++) {
        char name[16];
        snprintf(name, sizeof name, "f%d", i);
        open_count += pv_output_open(&outputs[i], at(name, paths[i]), NULL, &err);
    }
    assert_int_equal(open_count, 64);
    for (int i = 0; i < 65; i++)
        pv_output_close(outputs[i]);
    assert_int_equal(files(), 0);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_holds_what_was_written),
        IN_FOLDER(a_new_file_appears_on_commit),
        IN_FOLDER(an_old_file_stands_until_commit),
        IN_FOLDER(a_link_stays_a_link),
        IN_FOLDER(folders_are_where_links_lead),
        IN_FOLDER(bad_targets_are_refused),
        IN_FOLDER(a_read_only_file_is_not_replaced),
        cmocka_unit_test(a_full_disk_is_told),
        cmocka_unit_test(a_closed_pipe_is_no_failure),
        IN_FOLDER(descriptors_go_on_where_they_are),
        IN_FOLDER(a_fifo_is_written_in_place),
        IN_FOLDER(a_signal_leaves_nothing),
        IN_FOLDER(gzip_bytes_are_the_same_each_time),
        IN_FOLDER(many_outputs_at_once_have_a_limit),
    };
    return cmocka_run_group_tests_name("output", tests, NULL, NULL);
}
