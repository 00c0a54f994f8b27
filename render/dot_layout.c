#include "render/dot_layout.h"

#include "render/layout_answer.h"
#include "render/layout_steps.h"

#include <gvc.h>
#include <gvplugin.h>

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* Graphviz's two plugins that are linked; their headers are not installed. */
extern gvplugin_library_t gvplugin_core_LTX_library;       /* NOLINT(*-identifier-naming) */
extern gvplugin_library_t gvplugin_dot_layout_LTX_library; /* NOLINT(*-identifier-naming) */

enum {
    /* Graphviz counts in points, 72 to the inch, and so do we: a px is a point. */
    POINTS = 72,
    /* Ranks that all arcs may cross together: each crossing is a few hundred bytes in dot. */
    SPANS = 2000000,
    /* Bytes; dot recurses over what it lays out. */
    STACK = 256 << 20,
};

/* The child's work: the graph as dot sees it, and its answer: a point per box that is not loose,
 * two points per group, then for each arc the number of its points and the points. */
struct job {
    const struct pv_layout_graph *graph;
    const bool *is_loose;
    const struct pv_layout_plan *plan;
    Agraph_t *dot;
    Agraph_t **groups;
    Agnode_t **nodes;
    Agedge_t **edges;
    struct pv_buffer answer;
    bool is_done;
};

static void set_number(void *object, char *name, double value)
{
    char text[PV_NUMBER_SIZE + 1];
    text[pv_print_fixed(text, value, 6)] = '\0';
    agset(object, name, text);
}

static void declare(struct job *job, int kind, const char *const (*rows)[2])
{
    for (; (*rows)[0]; rows++)
        agattr(job->dot, kind, (char *)(*rows)[0], (char *)(*rows)[1]);
}

/* Shapes without text, so that no font is looked for; arcs from centre to centre, to be cut here;
 * and how much effort is made, by the number of arcs. */
static void declare_all(struct job *job)
{
    static const char *const graph_rows[][2] = {{"nodesep", ""},   {"ranksep", ""},
                                                {"rankdir", "TB"}, {"splines", "true"},
                                                {"margin", ""},    {NULL, NULL}};
    static const char *const quick_rows[][2] = {
        {"nslimit", "1"}, {"nslimit1", "1"}, {"mclimit", "0.25"}, {NULL, NULL}};
    static const char *const node_rows[][2] = {{"shape", "box"}, {"fixedsize", "true"},
                                               {"label", ""},    {"width", "1"},
                                               {"height", "1"},  {NULL, NULL}};
    static const char *const edge_rows[][2] = {{"arrowhead", "none"}, {"headclip", "false"},
                                               {"tailclip", "false"}, {"weight", "1"},
                                               {"minlen", "1"},       {NULL, NULL}};
    const struct pv_layout_graph *graph = job->graph;
    declare(job, AGRAPH, graph_rows);
    declare(job, AGNODE, node_rows);
    declare(job, AGEDGE, edge_rows);
    set_number(job->dot, "nodesep", graph->box_gap / POINTS);
    set_number(job->dot, "ranksep", graph->rank_gap / POINTS);
    set_number(job->dot, "margin", graph->group_pad);
    if (graph->direction == PV_LEFT_TO_RIGHT)
        agset(job->dot, "rankdir", "LR");
    if (graph->arc_count > PV_LAYOUT_QUICK)
        declare(job, AGRAPH, quick_rows);
    if (graph->arc_count > PV_LAYOUT_CURVED)
        agset(job->dot, "splines", "line");
}

static void add_nodes(struct job *job)
{
    for (uint32_t i = 0; i < job->graph->box_count; i++) {
        const struct pv_layout_box *box = &job->graph->boxes[i];
        char name[PV_NUMBER_SIZE + 1];
        if (job->is_loose[i])
            continue;
        name[pv_print_uint64(name, i)] = '\0';
        job->nodes[i] = agnode(job->dot, name, 1);
        set_number(job->nodes[i], "width", (box->width + box->aside) / POINTS);
        set_number(job->nodes[i], "height", box->height / POINTS);
    }
}

/* dot keeps together what is in a subgraph whose name begins so. */
static void add_groups(struct job *job)
{
    for (uint32_t i = 0; i < job->graph->box_count; i++) {
        uint32_t group = job->graph->groups ? job->graph->groups[i] : 0;
        if (!group || job->is_loose[i])
            continue;
        if (!job->groups[group - 1]) {
            char name[PV_NUMBER_SIZE + 8] = "cluster";
            name[7 + pv_print_uint64(name + 7, group)] = '\0';
            job->groups[group - 1] = agsubg(job->dot, name, 1);
        }
        agsubnode(job->groups[group - 1], job->nodes[i], 1);
    }
}

static void add_edges(struct job *job)
{
    for (uint32_t i = 0; i < job->graph->arc_count; i++) {
        const struct pv_layout_arc *arc = &job->graph->arcs[i];
        Agnode_t *tail = job->nodes[arc->tail], *head = job->nodes[arc->head];
        if (tail == head)
            continue;
        bool is_turned = job->plan->is_feedback[i];
        job->edges[i] = agedge(job->dot, is_turned ? head : tail, is_turned ? tail : head, NULL, 1);
        set_number(job->edges[i], "weight", arc->weight);
        set_number(job->edges[i], "minlen", job->plan->ranks[i]);
    }
}

static void answer_bytes(struct job *job, const void *bytes, size_t size)
{
    pv_buffer_add(&job->answer, (struct pv_text){bytes, size});
}

static void answer_point(struct job *job, double x, double y)
{
    struct pv_point point = {x, GD_bb(job->dot).UR.y - y};
    answer_bytes(job, &point, sizeof point);
}

static void answer_all(struct job *job)
{
    for (uint32_t i = 0; i < job->graph->box_count; i++)
        if (job->nodes[i])
            answer_point(job, ND_coord(job->nodes[i]).x, ND_coord(job->nodes[i]).y);
    for (uint32_t i = 0; i < job->graph->group_count; i++) {
        static const boxf nothing;
        boxf frame = job->groups[i] ? GD_bb(job->groups[i]) : nothing;
        answer_point(job, frame.LL.x, frame.UR.y);
        answer_point(job, frame.UR.x, frame.LL.y);
    }
    for (uint32_t i = 0; i < job->graph->arc_count; i++) {
        const splines *ways = job->edges[i] ? ED_spl(job->edges[i]) : NULL;
        const bezier *way = ways && ways->size ? ways->list : NULL;
        uint32_t count = way ? (uint32_t)way->size : 0;
        answer_bytes(job, &count, sizeof count);
        for (uint32_t k = 0; way && k < count; k++)
            answer_point(job, way->list[k].x, way->list[k].y);
    }
}

/* Nothing is released: the child ends behind it. */
static void *lay_out(void *argument)
{
    struct job *job = argument;
    lt_symlist_t plugins[] = {
        {"gvplugin_dot_layout_LTX_library", &gvplugin_dot_layout_LTX_library},
        {"gvplugin_core_LTX_library", &gvplugin_core_LTX_library},
        {NULL, NULL},
    };
    agseterr(AGMAX);
    GVC_t *context = gvContextPlugins(plugins, 0);
    job->dot = agopen("layout", Agdirected, NULL);
    job->groups = pv_zalloc((size_t)job->graph->group_count + 1, sizeof(Agraph_t *));
    job->nodes = pv_zalloc((size_t)job->graph->box_count + 1, sizeof(Agnode_t *));
    job->edges = pv_zalloc((size_t)job->graph->arc_count + 1, sizeof(Agedge_t *));
    declare_all(job);
    add_nodes(job);
    add_groups(job);
    add_edges(job);
    job->is_done = gvLayout(context, job->dot, "dot") == 0;
    if (job->is_done)
        answer_all(job);
    return NULL;
}

static void limit_child(uint64_t cpu_ms)
{
    rlim_t seconds = (rlim_t)((cpu_ms + 999) / 1000);
    struct rlimit cpu = {seconds, seconds + 1}, core = {0, 0};
    if (cpu_ms)
        setrlimit(RLIMIT_CPU, &cpu);
    setrlimit(RLIMIT_CORE, &core);
}

/* What the parent set up for itself must not happen twice: its signal handlers, the hook that
 * removes its files, its streams, on which Graphviz might speak. */
static void forget_parent(void)
{
    static const int signals[] = {SIGINT,  SIGTERM, SIGHUP,  SIGQUIT, SIGPIPE,   SIGXCPU, SIGALRM,
                                  SIGUSR1, SIGUSR2, SIGPROF, SIGXFSZ, SIGVTALRM, SIGABRT, SIGTRAP,
                                  SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,  SIGSYS};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        signal(signals[i], SIG_DFL);
    pv_oom_hook(NULL);
    int nowhere = open("/dev/null", O_RDWR);
    for (int stream = 0; nowhere >= 0 && stream <= 2; stream++)
        dup2(nowhere, stream);
}

static bool write_all(int file, struct pv_text bytes)
{
    while (bytes.size) {
        ssize_t count = write(file, bytes.data, bytes.size);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return false;
        bytes.data += count;
        bytes.size -= (size_t)count;
    }
    return true;
}

/* A thread, because only a thread's stack can be made large on every system. */
static _Noreturn void run_child(struct job *job, int out)
{
    pthread_attr_t attributes;
    pthread_t thread;
    forget_parent();
    limit_child(job->graph->cpu_ms);
    pthread_attr_init(&attributes);
    if (pthread_attr_setstacksize(&attributes, STACK) == 0 &&
        pthread_create(&thread, &attributes, lay_out, job) == 0)
        pthread_join(thread, NULL);
    else
        lay_out(job);
    bool is_sent = job->is_done && write_all(out, pv_buffer_text(&job->answer));
    _exit(is_sent ? 0 : 1);
}

static void read_all(int file, struct pv_buffer *out)
{
    for (;;) {
        ssize_t count = read(file, pv_buffer_reserve(out, 65536), 65536);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return;
        out->size += (size_t)count;
    }
}

static bool fail(struct pv_error *err, enum pv_code code, const char *why)
{
    return pv_fail(err, code, (struct pv_where){0}, "the graph could not be laid out: %s", why);
}

/* Runs the job in a child and reads its answer. */
static bool run_job(struct job *job, struct pv_error *err)
{
    int ends[2], status = 0;
    if (pipe(ends) != 0)
        return fail(err, PV_OUTPUT_FAILED, strerror(errno));
    pid_t child = fork();
    if (child < 0) {
        close(ends[0]);
        close(ends[1]);
        return fail(err, PV_OUTPUT_FAILED, strerror(errno));
    }
    if (child == 0) {
        close(ends[0]);
        run_child(job, ends[1]);
    }
    close(ends[1]);
    read_all(ends[0], &job->answer);
    close(ends[0]);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    return fail(err, PV_LIMIT, "it took too much time or memory (--max-layout)");
}

/* Boxes that dot does not see, because no arc touches them; *tied counts the others. A few beside
 * others do not matter to dot and may be important. */
static bool *find_loose(const struct pv_layout_graph *graph, uint32_t *tied)
{
    enum { few = 4 };
    bool *is_loose = pv_alloc((size_t)graph->box_count + 1);
    uint32_t untouched = 0;
    memset(is_loose, true, (size_t)graph->box_count + 1);
    for (uint32_t i = 0; i < graph->arc_count; i++)
        if (graph->arcs[i].tail != graph->arcs[i].head)
            is_loose[graph->arcs[i].tail] = is_loose[graph->arcs[i].head] = false;
    *tied = 0;
    for (uint32_t i = 0; i < graph->box_count; i++) {
        *tied += !is_loose[i];
        untouched += is_loose[i] && !graph->boxes[i].is_below;
    }
    if (*tied == 0 || untouched > few)
        return is_loose;
    for (uint32_t i = 0; i < graph->box_count; i++)
        is_loose[i] &= graph->boxes[i].is_below;
    *tied += untouched;
    return is_loose;
}

static void add_loose(struct pv_layout *layout, const struct job *job, uint32_t tied)
{
    double top = tied ? layout->height + job->graph->rank_gap : 0;
    if (tied < job->graph->box_count)
        layout->height =
            pv_layout_rows(layout->boxes, job->graph, job->is_loose, top, &layout->width);
}

bool pv_dot_layout(struct pv_layout **out, const struct pv_layout_graph *graph,
                   struct pv_error *err)
{
    uint32_t tied;
    struct pv_layout_plan plan;
    bool *is_loose = find_loose(graph, &tied);
    struct job job = {.graph = graph, .is_loose = is_loose, .plan = &plan};
    pv_layout_plan_make(&plan, graph);
    struct pv_layout *layout = pv_zalloc(1, sizeof *layout);
    bool is_done = false;
    layout->boxes = pv_zalloc((size_t)graph->box_count + 1, sizeof *layout->boxes);
    layout->groups = pv_zalloc((size_t)graph->group_count + 1, sizeof *layout->groups);
    layout->routes = pv_zalloc((size_t)graph->arc_count + 1, sizeof *layout->routes);
    layout->is_straight = graph->arc_count > PV_LAYOUT_CURVED;
    if (plan.spans > SPANS) {
        fail(err, PV_LIMIT, "its arcs are too many and too long");
        goto out;
    }
    if (tied && !run_job(&job, err))
        goto out;
    if (tied && !pv_layout_read(layout, graph, is_loose, pv_buffer_text(&job.answer))) {
        fail(err, PV_OUTPUT_FAILED, "the answer was cut off");
        goto out;
    }
    add_loose(layout, &job, tied);
    *out = layout;
    is_done = true;
out:
    if (!is_done)
        pv_layout_free(layout);
    pv_buffer_free(&job.answer);
    pv_layout_plan_free(&plan);
    free(is_loose);
    return is_done;
}

void pv_layout_free(struct pv_layout *layout)
{
    if (!layout)
        return;
    free(layout->boxes);
    free(layout->groups);
    free(layout->routes);
    free(layout->points);
    free(layout);
}
