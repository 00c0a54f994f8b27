#include "model/join.h"

#include "tests/small_profile.h"

/* A profile of arcs: "main 5 20|work 15 15|main>work 15" are functions with self and total, and an
 * arc; of that process and thread. */
static struct pv_profile *owned(const char *text, uint64_t process, uint64_t thread)
{
    struct pv_builder *builder = pv_builder_new(NULL, PV_ORIGIN_ARCS, "callgrind");
    struct pv_text rest = pv_text_of(text), row, name, number;
    pv_build_metric(builder, PV_TEXT("Ir"), PV_UNIT_COUNT, false);
    pv_build_whose(builder, process, thread);
    while (pv_text_split(&rest, '|', &row)) {
        int64_t values[2] = {0};
        pv_text_word(&row, &name);
        for (int i = 0; pv_text_word(&row, &number); i++)
            assert_true(pv_parse_int64(number, &values[i]));
        size_t arrow = pv_text_find(name, '>');
        uint32_t frame = pv_build_name(builder, pv_text_slice(name, 0, arrow));
        if (arrow < name.size)
            pv_build_arc(builder, frame,
                         pv_build_name(builder, pv_text_slice(name, arrow + 1, name.size)), 1,
                         values);
        else
            pv_build_func(builder, frame, 1, 1, &values[0], &values[1]);
    }
    return small_finish(builder);
}

/* All functions and arcs in canonical order: "main=5/20 thread 1>main=20". */
static struct pv_buffer digest(struct pv_profile *profile)
{
    const struct pv_graph *graph = profile->graph;
    struct pv_buffer out = {0};
    uint32_t *order = pv_frame_order(profile), *func_of = pv_zalloc(profile->frame_count, 4);
    for (uint32_t f = 0; f < graph->func_count; f++)
        func_of[graph->funcs[f].frame] = f;
    for (uint32_t i = 0; i < profile->frame_count; i++) {
        uint32_t f = func_of[order[i]];
        pv_buffer_print(&out, "%s=%lld/%lld ", pv_profile_name(profile, order[i]).data,
                        (long long)graph->self[0][f], (long long)graph->total[0][f]);
        for (uint32_t k = 0; k < profile->frame_count; k++)
            for (uint32_t a = graph->funcs[f].first_out; a != PV_NONE; a = graph->arcs[a].next_out)
                if (graph->arcs[a].callee == func_of[order[k]])
                    pv_buffer_print(&out, ">%s=%lld ", pv_profile_name(profile, order[k]).data,
                                    (long long)graph->arc_total[0][a]);
    }
    free(order);
    free(func_of);
    pv_buffer_char(&out, '\0');
    return out;
}

static void owners_get_frames(void **state)
{
    static const char one[] = "main 5 20|work 15 15|main>work 15";
    static const char two[] = "start 1 31|work 30 30|start>work 30";
    static const char circle[] = "start 1 31|a 10 30|b 20 30|start>a 30|a>b 20|b>a 10";
    static const struct {
        const char *label;
        struct {
            const char *text;
            uint64_t process, thread;
        } parts[3];
        const char *joined;
    } rows[] = {
        {"one thread's parts add up",
         {{one, 7, 1}, {one, 7, 1}, {two, 7, 1}},
         "main=10/40 >work=30 start=1/31 >work=30 work=60/60 "},
        {"threads",
         {{one, 7, 1}, {two, 7, 2}, {one, 7, 1}},
         "main=10/40 >work=30 start=1/31 >work=30 thread 1=0/40 >main=40 thread 2=0/31 >start=31 "
         "work=60/60 "},
        {"processes",
         {{one, 7, 0}, {two, 8, 0}, {two, 8, 0}},
         "main=5/20 >work=15 process 7=0/20 >main=20 process 8=0/62 >start=62 start=2/62 >work=60 "
         "work=75/75 "},
        {"threads of processes",
         {{one, 7, 1}, {two, 8, 1}, {two, 8, 2}},
         "main=5/20 >work=15 process 7=0/20 >thread 1 of process 7=20 process 8=0/62 "
         ">thread 1 of process 8=31 >thread 2 of process 8=31 start=2/62 >work=60 "
         "thread 1 of process 7=0/20 >main=20 thread 1 of process 8=0/31 >start=31 "
         "thread 2 of process 8=0/31 >start=31 work=75/75 "},
        {"nobody's stay as they are",
         {{one, 0, 0}, {two, 0, 0}, {one, 0, 0}},
         "main=10/40 >work=30 start=1/31 >work=30 work=60/60 "},
        {"a circle is entered from outside",
         {{one, 7, 1}, {circle, 7, 2}, {one, 7, 1}},
         "a=10/30 >b=20 b=20/30 >a=10 main=10/40 >work=30 start=1/31 >a=30 thread 1=0/40 >main=40 "
         "thread 2=0/31 >start=31 work=30/30 "},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t turn = 0; turn < 3; turn++) {
            struct pv_profile *parts[3], *joined = NULL;
            struct pv_limits limits = pv_limits_default();
            struct pv_error err;
            for (size_t k = 0; k < 3; k++) {
                size_t from = (k + turn) % 3;
                parts[k] = owned(rows[i].parts[from].text, rows[i].parts[from].process,
                                 rows[i].parts[from].thread);
            }
            assert_true(pv_join(&joined, parts, 3, &limits, &err));
            assert_true(pv_profile_need_graph(joined, &limits, &err));
            struct pv_buffer made = digest(joined);
            if (strcmp(made.data, rows[i].joined) != 0)
                fail_msg("%s: %s", rows[i].label, made.data);
            for (size_t k = 0; k < 3; k++)
                pv_profile_free(parts[k]);
            pv_profile_free(joined);
            pv_buffer_free(&made);
        }
}

static void frames_are_flagged(void **state)
{
    struct pv_profile *parts[] = {owned("f 1 1", 7, 1), owned("f 2 2", 8, 1), owned("f 2 2", 8, 2)};
    struct pv_profile *joined = NULL;
    struct pv_limits limits = pv_limits_default();
    struct pv_error err;
    unsigned threads = 0, processes = 0;
    (void)state;
    assert_true(pv_join(&joined, parts, 3, &limits, &err));
    for (uint32_t f = 0; f < joined->frame_count; f++) {
        threads += (joined->frames[f].flags & PV_FRAME_THREAD) != 0;
        processes += (joined->frames[f].flags & PV_FRAME_PROCESS) != 0;
    }
    assert_int_equal(threads, 3);
    assert_int_equal(processes, 2);
    assert_int_equal(joined->metrics[0].total, 5);
    for (size_t i = 0; i < 3; i++)
        pv_profile_free(parts[i]);
    pv_profile_free(joined);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(owners_get_frames),
        cmocka_unit_test(frames_are_flagged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
