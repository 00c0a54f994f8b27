#include "model/estimate.h"

#include "formats/registry.h"

#include "model/error.h"
#include "model/graph.h"
#include "tests/random_profile.h"
#include "tests/unit.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The arcs of a profile of stacks, as a file of arcs would tell them. */
static struct pv_profile *arcs_of(struct pv_profile *stacks, uint32_t metric)
{
    struct pv_limits limits = pv_limits_default();
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_ARCS, "test");
    struct pv_profile *out = NULL;
    struct pv_error err;
    assert_true(pv_profile_need_graph(stacks, &limits, &err));
    const struct pv_graph *graph = stacks->graph;
    pv_build_metric(builder, PV_TEXT("value"), PV_UNIT_COUNT, false);
    uint32_t *frames = pv_alloc(stacks->frame_count * sizeof *frames);
    for (uint32_t i = 0; i < stacks->frame_count; i++) {
        const struct pv_frame *frame = &stacks->frames[i];
        struct pv_frame_info info = {.name = pv_profile_text(stacks, frame->name),
                                     .file = pv_profile_text(stacks, frame->file),
                                     .line = frame->line,
                                     .flags = frame->flags};
        frames[i] = pv_build_frame(builder, &info);
    }
    for (uint32_t f = 0; f < graph->func_count; f++)
        pv_build_func(builder, frames[graph->funcs[f].frame], PV_UNKNOWN_CALLS, PV_UNKNOWN_CALLS,
                      &graph->self[metric][f], &graph->total[metric][f]);
    for (uint32_t a = 0; a < graph->arc_count; a++)
        pv_build_arc(builder, frames[graph->funcs[graph->arcs[a].caller].frame],
                     frames[graph->funcs[graph->arcs[a].callee].frame], PV_UNKNOWN_CALLS,
                     &graph->arc_total[metric][a]);
    assert_true(pv_builder_finish(builder, &out, &err));
    pv_builder_free(builder);
    free(frames);
    pv_tree_estimate(&out->tree, out, 0);
    return out;
}

/* The node of the measured tree that has the same names on its way; PV_NONE where there is none. */
static uint32_t same_path(const struct pv_profile *stacks, const struct pv_profile *arcs,
                          uint32_t node)
{
    uint32_t *path = pv_alloc(arcs->tree->count * sizeof *path), depth = 0, at = 0;
    for (; node != 0; node = arcs->tree->nodes[node].parent)
        path[depth++] = arcs->tree->nodes[node].frame;
    while (depth > 0 && at != PV_NONE) {
        const struct pv_frame *wanted = &arcs->frames[path[--depth]];
        at = stacks->tree->nodes[at].first_child;
        for (; at != PV_NONE; at = stacks->tree->nodes[at].next_sibling) {
            const struct pv_frame *frame = &stacks->frames[stacks->tree->nodes[at].frame];
            if (frame->line == wanted->line &&
                pv_text_equal(pv_profile_text(stacks, frame->name),
                              pv_profile_text(arcs, wanted->name)) &&
                pv_text_equal(pv_profile_text(stacks, frame->file),
                              pv_profile_text(arcs, wanted->file)))
                break;
        }
    }
    free(path);
    return at;
}

static void assert_sums(const struct pv_profile *profile)
{
    const struct pv_tree *tree = profile->tree;
    int64_t sum = 0;
    for (uint32_t i = 0; i < tree->count; i++) {
        assert_true(tree->self[0][i] >= 0);
        assert_true(i == 0 || tree->nodes[i].parent < i);
        sum += tree->self[0][i];
    }
    assert_int_equal(profile->metrics[0].total, sum);
    assert_int_equal(profile->metrics[0].total, tree->total[0][0]);
}

/* What is called exact is exact, and how much that is. */
static int64_t assert_exact(const struct pv_profile *stacks, uint32_t metric,
                            const struct pv_profile *arcs)
{
    const struct pv_tree *tree = arcs->tree;
    for (uint32_t i = 1; i < tree->count; i++) {
        bool is_rest = arcs->frames[tree->nodes[i].frame].flags & PV_FRAME_REST;
        if (is_rest || !(tree->certainty[i] & PV_EXACT_TOTAL))
            continue;
        uint32_t same = same_path(stacks, arcs, i);
        assert_int_not_equal(PV_NONE, same);
        assert_int_equal(stacks->tree->total[metric][same], tree->total[0][i]);
        if (tree->certainty[i] & PV_EXACT_SELF)
            assert_int_equal(stacks->tree->self[metric][same], tree->self[0][i]);
    }
    return pv_tree_exact_share(arcs, 0);
}

static void what_is_called_exact_is_exact(void **state)
{
    (void)state;
    int64_t exact = 0, all = 0;
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct pv_profile *stacks = pv_random_stacks(
            seed, 2 + (uint32_t)seed % 60, 1 + (uint32_t)seed % 9, 3 + (uint32_t)seed % 40);
        struct pv_profile *arcs = arcs_of(stacks, 1);
        assert_sums(arcs);
        exact += assert_exact(stacks, 1, arcs);
        all += arcs->metrics[0].total;
        pv_profile_free(arcs);
        pv_profile_free(stacks);
    }
    print_message("%.1f %% of the random stacks came back exact\n",
                  100.0 * (double)exact / (double)all);
    assert_true(exact * 20 > all); /* the test says something only where something is exact */
}

static void hold_file(const char *path)
{
    struct pv_input *input;
    struct pv_profile *stacks;
    struct pv_error err;
    assert_true(pv_input_open(&input, path, NULL, &err));
    const struct pv_format *format = pv_format_detect(input, &err);
    bool is_read = format && format->read(input, &stacks, &err);
    pv_input_close(input);
    if (!is_read)
        return;
    if (stacks->origin == PV_ORIGIN_STACKS && !stacks->metrics[0].is_signed) {
        struct pv_profile *arcs = arcs_of(stacks, 0);
        assert_sums(arcs);
        int64_t exact = assert_exact(stacks, 0, arcs);
        print_message("%5.1f %% exact: %s\n",
                      100.0 * (double)exact / (double)(stacks->metrics[0].total + 1), path);
        pv_profile_free(arcs);
    }
    pv_profile_free(stacks);
}

/* The stacks of the samples, and of the corpus where it is there: what comes back from their arcs
 * and is called exact is what was measured. */
static void real_stacks_come_back(void **state)
{
    static const char *const folders[] = {"samples/collapsed", "samples/shop",
                                          "../shared/corpus/native/collapsed",
                                          "../shared/corpus/native/collapsed/samples"};
    (void)state;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        DIR *folder = opendir(folders[i]);
        struct dirent *entry;
        char path[1024];
        if (!folder)
            print_message("skipped: %s is not here\n", folders[i]);
        while (folder && (entry = readdir(folder))) {
            struct stat status;
            snprintf(path, sizeof path, "%s/%s", folders[i], entry->d_name);
            if (stat(path, &status) == 0 && S_ISREG(status.st_mode))
                hold_file(path);
        }
        if (folder)
            closedir(folder);
    }
}

static struct pv_profile *read_arcs(const char *lines)
{
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_ARCS, "test");
    struct pv_profile *profile = NULL;
    struct pv_error err;
    struct pv_text rest = pv_text_of(lines), line, word[4];
    pv_build_metric(builder, PV_TEXT("time"), PV_UNIT_NS, false);
    while (pv_text_split(&rest, ';', &line)) {
        int64_t value[3] = {0};
        unsigned words = 0;
        while (words < 4 && pv_text_word(&line, &word[words]))
            words++;
        struct pv_frame_info callee = {.name = word[words == 4 ? 1 : 0]};
        bool was_called_twice = pv_text_ends(callee.name, PV_TEXT("*"));
        callee.name.size -= was_called_twice;
        bool is_loader = pv_text_equal(callee.name, PV_TEXT("exec")) ||
                         pv_text_equal(callee.name, PV_TEXT("import"));
        callee.flags = is_loader ? PV_FRAME_LOADER : 0;
        uint32_t frame = pv_build_frame(builder, &callee);
        for (unsigned i = words == 4 ? 2 : 1; i < words; i++)
            assert_true(pv_parse_int64(word[i], &value[i - (words == 4 ? 2 : 1)]));
        if (words == 4) /* caller callee calls total */
            pv_build_arc(builder, pv_build_name(builder, word[0]), frame, value[0], &value[1]);
        else /* name self total */
            pv_build_func(builder, frame, was_called_twice ? 2 : 1, 1, &value[0], &value[1]);
    }
    assert_true(pv_builder_finish(builder, &profile, &err));
    pv_builder_free(builder);
    pv_tree_estimate(&profile->tree, profile, 0);
    assert_sums(profile);
    return profile;
}

/* The tree as "name:total(children)", exact totals with "!". */
static void print_tree(struct pv_buffer *out, const struct pv_profile *profile)
{
    const struct pv_node *nodes = profile->tree->nodes;
    uint32_t at = nodes[0].first_child;
    while (at != PV_NONE && at != 0) {
        pv_buffer_print(out, "%s:%lld%s", pv_profile_name(profile, nodes[at].frame).data,
                        (long long)profile->tree->total[0][at],
                        profile->tree->certainty[at] & PV_EXACT_TOTAL ? "!" : "");
        if (nodes[at].first_child != PV_NONE) {
            pv_buffer_char(out, '(');
            at = nodes[at].first_child;
            continue;
        }
        while (at != 0 && nodes[at].next_sibling == PV_NONE) {
            at = nodes[at].parent;
            if (at != 0)
                pv_buffer_char(out, ')');
        }
        if (at != 0) {
            pv_buffer_char(out, ' ');
            at = nodes[at].next_sibling;
        }
    }
}

static void trees_are_as_expected(void **state)
{
    (void)state;
    static const struct {
        const char *label, *arcs, *tree;
    } rows[] = {
        {"a chain is exact", "a 10 30;b 20 20;a b 1 20", "a:30!(b:20!)"},
        {"two ways into one are guessed, and so is what is below",
         "a 0 100;b 0 60;c 0 40;d 0 100;e 100 100;a b 1 60;a c 1 40;b d 1 60;c d 1 40;d e 1 100",
         "a:100!(b:60!(d:60!(e:60)) c:40!(d:40!(e:40)))"},
        {"recursion stays in its function", "a 10 100;r 90 90;a r 1 90;r r 9 80", "a:100!(r:90!)"},
        {"no arcs at all: flat", "a 10 50;b 40 40", "a:10 b:40"},
        {"nothing looks like a root", "a 10 30;b 20 30;a b 1 30;b a 1 30", "a:30(b:23)"},
        {"importing is gathered",
         "main 10 100;import 5 90;exec 5 85;mod 80 80;main import 1 90;import exec 1 85;"
         "exec mod 1 80",
         "main:100!([imports]:90!)"},
        {"exec runs the heaviest that fits",
         "exec* 0 100;main 50 100;import 0 40;lib 50 50;exec main 1 100;main import 1 50;"
         "import exec 1 50;exec lib 1 50",
         "exec:100!(main:100!([imports]:50!))"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pv_profile *profile = read_arcs(rows[i].arcs);
        struct pv_buffer out = {0};
        print_tree(&out, profile);
        pv_buffer_char(&out, '\0');
        print_message("%s\n", rows[i].label);
        assert_string_equal(rows[i].tree, out.data);
        pv_buffer_free(&out);
        pv_profile_free(profile);
    }
}

static void contradictions_keep_the_sums(void **state)
{
    (void)state;
    static const char *const files[] = {
        "a 10 1000;b 20 5;a b 1 900",
        "a 5 10;b 20 20;a b 1 -7",
        "a 9223372036854775807 9223372036854775807;b 0 9223372036854775807",
        "a 0 0;b 0 0;a b 1 0",
    };
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        pv_profile_free(read_arcs(files[i]));
    for (uint64_t seed = 1; seed <= 60; seed++) {
        struct pv_profile *profile = pv_random_arcs(seed, 5 + (uint32_t)seed, 40);
        pv_tree_estimate(&profile->tree, profile, 0);
        assert_sums(profile);
        pv_profile_free(profile);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_called_exact_is_exact),
        cmocka_unit_test(real_stacks_come_back),
        cmocka_unit_test(trees_are_as_expected),
        cmocka_unit_test(contradictions_keep_the_sums),
    };
    return cmocka_run_group_tests_name("estimate", tests, NULL, NULL);
}
